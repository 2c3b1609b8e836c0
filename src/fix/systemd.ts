/** The unit by which systemd starts a service for whoever calls, where it has one: docker.socket. */
export const socketOf = (service: string): string => `${service.replace(/\.service$/, '')}.socket`
