/** Where steps put what they write. */
import { CERTS } from '../facts/certs-folders.ts'
import type { DropInStep } from '../model/fix.ts'

export const dropInPath = ({ unit, name }: DropInStep): string => `/etc/systemd/system/${unit}.d/${name}.conf`
/** @see https://docs.docker.com/engine/security/certificates/ */
export const certificateFolder = (registry: string): string => `${CERTS}/${registry}`
/** A door to the kernel: what is written is a request, and nothing can be put in its place. */
export const isKernelFile = (path: string): boolean => /^\/(?:proc|sys)\//.test(path)
/** Modules that are loaded at boot. @see https://www.freedesktop.org/software/systemd/man/modules-load.d.html */
export const MODULES_FILE = '/etc/modules-load.d/seaworthy.conf'
export const certificateFile = (registry: string): string => `${certificateFolder(registry)}/ca.crt`
