/** A pattern for the units of a service: `docker.*`, as docker.socket fails along with what it starts. */
export const withTriggers = (service: string): string => `${service.replace(/\.\w+$/, '')}.*`
