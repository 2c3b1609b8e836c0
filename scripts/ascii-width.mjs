/** Stands in for string-width where only ASCII is measured. */
export default (text) => text.length
