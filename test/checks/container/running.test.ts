import check from '../../../checks/container/running.ts'
import { finds, passes, skips, testCheck, unknown } from '../../../src/testing.ts'
import { about, inspected, LIST, listed, stopped, web } from './web.ts'

const settings = about
const after = web

testCheck(check, {
  'it runs': passes(web, { settings }),
  'by the first digits of its id': passes(web, { settings: { container: '4c92a26c4419' } }),
  'no container is named': skips(web),
  'ended with an error': finds(
    'ended',
    { ...web, ...stopped('Exited (3) 5 minutes ago', { Status: 'exited', ExitCode: 3 }) },
    { settings, after, says: 'status 3 (Exited (3) 5 minutes ago)' },
  ),
  'stopped by a person': finds(
    'ended',
    { ...web, ...stopped('Exited (137) 2 hours ago', { Status: 'exited', ExitCode: 137 }) },
    { settings, after },
  ),
  'could not be started': finds(
    'cannotStart',
    {
      ...web,
      ...stopped('Created', {
        Status: 'created',
        ExitCode: 128,
        Error: 'Bind for 0.0.0.0:8081 failed: port is already allocated',
      }),
    },
    { settings, after, says: 'already allocated' },
  ),
  'never started': finds(
    'neverStarted',
    { ...web, ...stopped('Created', { Status: 'created' }) },
    { settings, after },
  ),
  'killed for want of memory': finds(
    'oomKilled',
    { ...web, ...stopped('Exited (137) 1 minute ago', { Status: 'exited', ExitCode: 137, OOMKilled: true }) },
    { settings },
  ),
  'fails again and again': finds(
    'loops',
    {
      ...web,
      ...stopped('Restarting (1) 2 seconds ago', { Status: 'restarting', ExitCode: 1 }, { RestartCount: 7 }),
    },
    { settings, says: 'started anew 7 times' },
  ),
  'fails again and again, and has just been started': finds(
    'loops',
    { ...web, ...listed({ Status: 'Up 1 second' }), ...inspected({}, { RestartCount: 4 }) },
    { settings, says: /started anew 4 times, and runs for a moment$/ },
  ),
  'fails again and again, and has been started since it was listed': finds(
    'loops',
    {
      ...web,
      ...listed({ State: 'restarting', Status: 'Restarting (1) 1 second ago' }),
      ...inspected({}, { RestartCount: 4 }),
    },
    { settings },
  ),
  'was restarted some days ago': passes(
    { ...web, ...listed({ Status: 'Up 3 days' }), ...inspected({}, { RestartCount: 4 }) },
    { settings },
  ),
  paused: finds(
    'paused',
    {
      ...web,
      ...listed({ State: 'paused', Status: 'Up 2 minutes (Paused)' }),
      ...inspected({ Status: 'paused', Paused: true }),
    },
    { settings, after },
  ),
  'not healthy': finds(
    'unhealthy',
    {
      ...web,
      ...listed({ Status: 'Up 2 minutes (unhealthy)' }),
      ...inspected({ Health: { Status: 'unhealthy' } }),
    },
    { settings },
  ),
  'the engine has no such container': unknown(web, { settings: { container: 'nosuch' }, says: '"nosuch"' }),
  'the engine does not list containers': unknown(
    { ...web, [LIST]: { state: 'timeout', reason: 'no answer', durationMs: 0 } },
    { settings },
  ),
})
