/** Where a variable of the environment comes from, as far as a file for all users tells. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { manual, relogin, replaceLine, type Step } from '../model/fix.ts'
import { environment, type FileSource, file } from '../model/source.ts'
import { judgedUser } from './judged-user.ts'
import { type Assignment, parseAssignments } from './shell-words.ts'

/** Read by PAM at login. @see https://man7.org/linux/man-pages/man8/pam_env.8.html */
const FOR_ALL = '/etc/environment'

export interface VariableOrigin {
  readonly user: string
  /** The line of {@link FOR_ALL} that sets it; null where another file does. */
  readonly assignment: Assignment | null
}

const isSet = (name: string): Fact<boolean> =>
  defineFact({
    name: `isSet(${name})`,
    about: `${name} is set in this process.`,
    reads: { value: orAbsent(environment(name)) },
    parse: ({ value }) => value !== null && value !== '',
  })

/** Read only where the variable is set at all: nothing else in that file is of interest. */
export const whereVariableIsSet = (name: string): Fact<VariableOrigin> =>
  defineFact({
    name: `origin(${name})`,
    about: `The line of ${FOR_ALL} that sets ${name}.`,
    needs: { set: isSet(name), user: judgedUser },
    reads: ({ set }): Record<string, OrAbsent<FileSource>> => (set ? { all: orAbsent(file(FOR_ALL)) } : {}),
    reading: `${FOR_ALL} (where ${name} is set)`,
    parse: ({ all }, { user }): VariableOrigin => ({
      user: user.name,
      assignment: parseAssignments(all ?? '').get(name) ?? null,
    }),
  })

/** The steps that rid a user of a variable. */
export function forgetVariable(name: string, { user, assignment }: VariableOrigin): Step[] {
  if (assignment) return [replaceLine(FOR_ALL, assignment.text, null), relogin(user)]
  const places = '~/.bashrc, ~/.profile, ~/.zshrc, /etc/profile.d or ~/.config/environment.d'
  return [manual(`Run: unset ${name}. Then remove it where the shell gets it from (${places}).`)]
}
