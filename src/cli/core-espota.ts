/** A second try through the core's own espota.py. Firewalls allow programs one by one: where a python was allowed and this
 *  program is not, it gets through, and the person learns what to allow. */
import { stat } from 'node:fs/promises';
import type { EspotaWords } from '#integrations/espota.ts';
import { commands } from '#node/index.ts';
import { millis } from '#values/index.ts';
import type { Ending } from './command.ts';
import type { Desk } from './desk.ts';
import { allowRule } from './firewall.ts';
import { hostSecrets } from './host.ts';

interface Before {
  readonly ending: Ending;
  readonly path: string;
  readonly board: string | undefined;
  readonly desk: Desk;
  /** Milliseconds. */
  readonly time: number;
}

/** The password comes over stdin, so that it stands in no list of processes. */
const launcher =
  'import sys,runpy;a=sys.stdin.readline().rstrip("\\r\\n");sys.argv=sys.argv[1:]+(["--auth="+a] if a else []);runpy.run_path(sys.argv[0],run_name="__main__")';

export async function byCoreEspota(words: EspotaWords, { ending, path, board, desk, time }: Before): Promise<Ending> {
  const runs = await launchers(words.coreEspota ?? '');
  if (runs.length === 0) return ending;
  desk.note("the board said OK and nobody called: once more through the core's own espota");
  const secrets = hostSecrets();
  const kept = (board ? await secrets.get(board) : undefined) ?? (await secrets.get(words.ip ?? ''));
  const password = words.auth ?? process.env['WHYOTA_PASSWORD'] ?? kept?.reveal() ?? '';
  const plainWords = [
    ...['-i', words.ip ?? ''],
    ...(words.port ? ['-p', String(words.port)] : []),
    ...(words.hostIp ? ['-I', words.hostIp] : []),
    ...(words.hostPort ? ['-P', String(words.hostPort)] : []),
    ...(words.spiffs ? ['-s'] : []),
    ...['-f', path],
  ];
  const until = performance.now() + time;
  for (const { program, before } of runs) {
    const timeout = millis(Math.max(1, until - performance.now()));
    // A frozen espota.exe reads no stdin: it gets the password as the core itself would give it.
    const auth = before.length === 0 && password ? [`--auth=${password}`] : [];
    const ran = await commands.run(program, [...before, ...auth, ...plainWords], { timeout, input: `${password}\n` });
    // 9009, and an exit before anything was said: Windows' stand-in for a python that is not installed.
    const late = !ran && performance.now() > until - 100;
    if (!late && (!ran || ran.exit === 9009)) continue;
    if (ran?.exit !== 0) {
      desk.note(`the core's own espota, run by ${program}, ${late ? 'did not end in time' : 'failed as well'}`);
      return { ...ending, more: { ...ending.more, gotThrough: 'neither' } };
    }
    desk.note(
      `${program} with the core's espota got through, and WhyOTA did not. A firewall allows ${program}, and not`,
    );
    desk.note(process.execPath);
    for (const line of allowRule()) desk.note(line);
    return { exit: 0, more: { ending: 'stored', gotThrough: 'core-espota', program } };
  }
  return ending;
}

interface Launcher {
  readonly program: string;
  readonly before: readonly string[];
}

async function launchers(place: string): Promise<readonly Launcher[]> {
  if (process.platform === 'win32' && (await isFile(`${place}.exe`))) return [{ program: `${place}.exe`, before: [] }];
  if (!(await isFile(`${place}.py`))) return [];
  return ['python3', 'python', 'py'].map((program) => ({ program, before: ['-c', launcher, `${place}.py`] }));
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (about) => about.isFile(),
    () => false,
  );
