/** whyota espota: takes the place of espota.py in an IDE. Plain lines on one stream, the diagnosis last, done within 110 s. */
import { stat } from 'node:fs/promises';
import { type EspotaWords, parseEspota } from '#integrations/espota.ts';
import type { Problem } from '#values/index.ts';
import { type Ending, interrupted } from './command.ts';
import { type Desk, openDesk, plain } from './desk.ts';
import { flash } from './flash.ts';

/** Arduino IDE 1.8 kills an uploader after two minutes. */
const wholeCall = 110_000;
/** For a second try by the core's own espota.py. */
const forTheOther = 45_000;

const help = `whyota espota -i <address> [-p <port>] -f <file>: what espota.py takes, and says why when it fails

  -i, --ip          address or name of the board
  -p, --port        its OTA port (default: as it announces, else 8266 or 3232)
  -I, --host_ip     address of this computer to use
  -P, --host_port   TCP port of this computer that the board is to call (default: any)
  -a, --auth        OTA password (better: whyota password set <board>)
  -f, --file        the image; <file>.signed is sent instead where it is there
  -s, --spiffs      it is a file-system image
  -d, --debug       say everything that happens
  -r, --progress, -t, --timeout, -m, --md5-target   understood; not needed
  --json, --quiet   as everywhere in whyota
  --core-espota     the core's own espota, without .py: tried once when no connection comes

examples:
  whyota espota -i 192.168.1.57 -p 8266 -f kitchen.ino.bin
  whyota espota -i kitchen.local -f littlefs.bin --spiffs
`;

/** Runs raw words; resolves to the exit code: 1 for any failure, 2 for options that can't be understood. */
export async function espota(given: readonly string[], stop: AbortSignal): Promise<number> {
  const parsed = parseEspota(given);
  if (parsed.kind === 'help') {
    process.stdout.write(help);
    return 0;
  }
  if (parsed.kind === 'usage') {
    process.stderr.write(`whyota espota: ${parsed.what}\n${help}`);
    return 2;
  }
  const { words } = parsed;
  const seen: Seen = { accepted: false, connected: false, stored: false };
  const desk = consoleDesk(words, (event) => note(seen, event));
  const missing = words.ip === undefined ? noAddress : words.file === undefined ? noFile : undefined;
  const ending = missing ? { exit: 1 as const, problem: missing } : await upload(words, seen, desk, stop);
  const exit = ending.exit === 0 || ending.exit === 130 ? ending.exit : 1;
  desk.last(ending);
  desk.event({
    type: 'result',
    ok: exit === 0,
    ...ending.more,
    ...(exit !== 0 && ending.problem ? plain(ending.problem) : {}),
    exit,
  });
  return exit;
}

/** What the attempt showed so far. */
interface Seen {
  accepted: boolean;
  connected: boolean;
  stored: boolean;
  board?: string;
}

function note(seen: Seen, event: { readonly type: string } & Readonly<Record<string, unknown>>): void {
  if (event.type === 'accepted') seen.accepted = true;
  if (event.type === 'connected') seen.connected = true;
  if (event.type === 'verdict' && event['good'] === true) seen.stored = true;
  if (typeof event['board'] === 'string') seen.board = event['board'];
}

async function upload(words: EspotaWords, seen: Seen, desk: Desk, stop: AbortSignal): Promise<Ending> {
  const began = performance.now();
  const { ip = '', port, file = '' } = words;
  const path = (await isFile(`${file}.signed`)) ? `${file}.signed` : file;
  desk.note(`whyota: ${path} to ${ip}${port ? `:${port}` : ''}`);
  if (path !== file) desk.note('it is signed, so the signed file is sent');

  const limit = AbortSignal.timeout(wholeCall - 5_000);
  const ending = await flash(
    [path],
    {
      to: [`${ip.includes(':') ? `[${ip}]` : ip}${port ? `:${port}` : ''}`],
      filesystem: words.spiffs,
      hostPort: words.hostPort,
      hostAddress: words.hostIp,
      password: words.auth,
      attempts: 2,
    },
    { desk, signal: AbortSignal.any([stop, limit]) },
  );
  if (stop.aborted) return interrupted;
  if (limit.aborted) {
    if (!seen.stored) return { exit: 1, problem: tookTooLong };
    desk.note('the board has the update; whether it is back nobody has seen yet');
    return { exit: 0, more: { ending: 'stored' } };
  }
  const left = wholeCall - (performance.now() - began);
  const noCall = ending.exit === 1 && seen.accepted && !seen.connected && !isCertain(ending);
  if (!noCall || words.coreEspota === undefined || left < forTheOther) return ending;
  const { byCoreEspota } = await import('./core-espota.ts');
  return byCoreEspota(words, { ending, path, board: seen.board, desk, time: left - 5_000 });
}

/** Another program can't change what is certain: a sum, or the board's own words. */
function isCertain({ more }: Ending): boolean {
  const causes = more?.['causes'] as readonly { readonly verdict: string }[] | undefined;
  return causes?.[0]?.verdict === 'certain';
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (about) => about.isFile(),
    () => false,
  );

/** Arduino IDE 1.8 takes these words for trouble with a serial port, and says so (Uploader.java). */
const forIde = (line: string): string =>
  line
    .replace(/\r/g, '')
    .replaceAll('Error', 'error')
    .replace(/(device|programmer) is not responding/gi, '$1 does not answer')
    .replace(/protocol error/g, 'protocol mistake')
    .replace(/Expected signature/g, 'expected signature');

/** The desk for a console that is no terminal: everything on stdout, in order, the last word in one piece. */
function consoleDesk(
  { json, quiet, debug }: EspotaWords,
  watch: (event: { readonly type: string }) => void,
): Desk & { last(ending: Ending): void } {
  const desk = openDesk({ json, quiet, verbose: debug, color: false });
  const write = (lines: readonly string[]): void => {
    if (!json && lines.length > 0) process.stdout.write(`${lines.map(forIde).join('\n')}\n`);
  };
  let kept: string[] | undefined;
  const tenths = new Set<number>();
  const note = (line: string): void => {
    if (kept) kept.push(line);
    else if (!quiet) write([line]);
  };
  /** The sum goes before the words: a console shows its last lines. */
  const problemLines = (head: string, { what, why, fix, details = [] }: Problem): string[] => [
    ...details,
    `${head} ${what}`,
    `  why: ${why}`,
    `  fix: ${fix}`,
  ];
  return {
    ...desk,
    interactive: false,
    width: 100,
    paint: (_, words) => words,
    say: (line = '') => note(line),
    note,
    detail: (line) => {
      if (debug) note(line);
    },
    event(event) {
      watch(event);
      desk.event(event);
    },
    warn(problem) {
      if (json) desk.event({ type: 'warning', ...plain(problem) });
      else for (const line of problemLines('warning:', problem)) note(line);
    },
    progress(label, share, after) {
      const tenth = Math.floor(share * 10);
      if (tenths.has(tenth)) return;
      tenths.add(tenth);
      note(`${label} ${tenth * 10} % ${after}`);
    },
    endProgress: () => tenths.clear(),
    last({ exit, problem, epilogue }) {
      kept = exit === 0 || !problem ? [] : problemLines('failed:', problem);
      epilogue?.();
      write(kept);
    },
  };
}

const noAddress: Problem = {
  code: 'no-address',
  what: 'no address was given',
  why: 'the option -i is missing or empty: the IDE knew no network port, or upload_port is not set',
  fix: 'Arduino IDE: choose the board under Tools > Port > Network ports; PlatformIO: set upload_port; `whyota find` lists the boards',
};
const noFile: Problem = {
  code: 'no-file',
  what: 'no file was given',
  why: 'the option -f is missing or empty',
  fix: 'name the .bin file that the build made: -f firmware.bin',
};
const tookTooLong: Problem = {
  code: 'tool-timeout-too-short',
  what: 'the upload did not end within 110 seconds',
  why: 'an IDE ends its uploader after two minutes, so this one stops by itself before that',
  fix: '`whyota flash` in a terminal has no such limit',
};
