/** Waits that keep loop() from serving an update: for the cloud, for Wi-Fi, for a port, for ever. */
import { replace, textAt } from '../edits.ts';
import type { ReadProgram, Report } from '../finding.ts';
import { longestStretch, timeLimit } from '../pass.ts';
import type { Place } from '../tree.ts';
import type { Wait } from '../waits.ts';
import { blynkJoins, called, link, mainSteps, rule, servedByTaskOnly, waitsInPortal } from './common.ts';

const inMain = (wait: Wait): boolean => wait.run.entry.kind === 'setup' || wait.run.entry.kind === 'loop';
const notInTasks = (wait: Wait): boolean => wait.run.entry.kind !== 'task' && wait.run.entry.kind !== 'interrupt';
/** Nothing outside what it waits for ends it. */
const unending = (wait: Wait): boolean => !wait.serves && (!wait.bounded || wait.restarts);

/** Where a task serves updates, loop() may wait; setup() still may not. */
const matters = (program: ReadProgram, wait: Wait): boolean =>
  notInTasks(wait) && !(servedByTaskOnly(program) && wait.run.entry.kind === 'loop');

const isSerialWait = (wait: Wait): boolean => {
  const { condition } = wait.run.loop;
  return (
    !!condition &&
    JSON.stringify(condition).includes('"name":"Serial') &&
    wait.topics.has('serial') &&
    !wait.steps.some(({ name }) => /^Serial\d?\.available/.test(name))
  );
};

const head = ({ run }: Wait): Place => {
  const { place, condition } = run.loop;
  return condition && condition.place.file === place.file
    ? { ...place, endLine: condition.place.endLine, endColumn: condition.place.endColumn }
    : { ...place, endLine: place.line, endColumn: place.column + 3 };
};

const once = (waits: readonly Wait[]): Wait[] => [...new Map(waits.map((wait) => [wait.run.loop, wait])).values()];

export const cloudWaits = (program: ReadProgram): Wait[] =>
  once(program.waits.filter((wait) => wait.topics.has('cloud') && unending(wait) && matters(program, wait)));

export const blockingCloudLoop = rule({
  id: 'L01',
  rule: 'blocking-cloud-loop',
  severity: 'error',
  why: 'While the server is away or the token is wrong, this loop never ends and ArduinoOTA.handle() is never reached: the board still answers a ping, but no update.',
  mend: 'Try to connect once every few seconds from loop(), with a timeout, and let loop() go on meanwhile.',
  *find(program) {
    for (const wait of cloudWaits(program)) {
      const { loop } = wait.run;
      const blynk = wait.steps.some(({ name }) => name === 'Blynk.connect');
      const plain = wait.steps.every(({ name }) => name === 'Blynk.connect') && loop.form === 'while';
      yield {
        place: head(wait),
        message: `this loop waits for the ${blynk ? 'Blynk ' : ''}server for ever`,
        ...(blynk && plain && { fix: { safety: 'safe', edits: [replace(loop.place, 'Blynk.connect(5000);')] } }),
      } satisfies Report;
    }
  },
});

export const wifiWaitForever = rule({
  id: 'L13',
  rule: 'wifi-wait-forever',
  severity: 'warning',
  why: 'When the router comes back later than the board, as after a power cut, the board hangs or restarts in circles instead of joining when it can.',
  mend: 'Wait some seconds at most, then go on to loop() and keep trying from there.',
  *find(program) {
    const waits = program.waits.filter(
      (wait) => wait.topics.has('wifi') && !wait.topics.has('cloud') && unending(wait) && notInTasks(wait),
    );
    // blynk-library BlynkSimpleEsp8266.h: polls every half second, with no end.
    for (const { call } of called(program.steps, /^Blynk\.connectWiFi$/))
      yield { place: call.place, message: 'Blynk.connectWiFi() waits for the Wi-Fi for ever' };
    for (const wait of once(waits))
      yield {
        place: head(wait),
        message: wait.restarts
          ? 'the board restarts over and over while it can not join the Wi-Fi'
          : 'this loop waits for the Wi-Fi for ever',
      };
  },
});

export const endlessLoop = rule({
  id: 'L11',
  rule: 'endless-loop',
  severity: 'error',
  why: 'A board in here answers no update any more; only a cable helps.',
  mend: 'Say that it failed and go on without that part, or call ArduinoOTA.handle() inside the loop.',
  *find(program) {
    for (const wait of once(program.waits.filter((each) => inMain(each) && matters(program, each)))) {
      if (wait.serves || wait.restarts || wait.topics.has('cloud') || wait.topics.has('wifi')) continue;
      if (wait.endless) yield { place: head(wait), message: 'this loop never ends' };
      else if (!wait.bounded && wait.topics.has('device'))
        yield {
          place: head(wait),
          message: 'this loop waits without end for a part that may not answer',
          severity: 'warning',
        };
      else if (!wait.bounded && wait.topics.has('clock'))
        yield { place: head(wait), message: 'this loop waits without end for the time of day', severity: 'warning' };
    }
  },
});

export const busyWait = rule({
  id: 'L10',
  rule: 'busy-wait',
  severity: 'error',
  why: 'While it spins the network code does not run: pings go unanswered, updates fail, and the watchdog may restart the board.',
  mend: 'Call yield() or delay(1) inside, and give the wait an end.',
  *find(program) {
    for (const wait of once(program.waits.filter(notInTasks))) {
      if (wait.yields || wait.serves || isSerialWait(wait) || wait.endless) continue;
      if (!['pin', 'serial', 'time', 'flag'].some((topic) => wait.topics.has(topic as 'pin'))) continue;
      const limit = timeLimit(program.sketch, wait.run.loop);
      if (limit !== undefined ? limit <= 20 : wait.bounded && !wait.topics.has('time')) continue;
      const { body } = wait.run.loop;
      const empty = /^[;{}\s]*$/.test(textAt(program.sketch, body.place)) && body.place.end > body.place.start;
      yield {
        place: head(wait),
        message: 'this loop spins without letting the network code run',
        ...(empty && { fix: { safety: 'safe', edits: [replace(body.place, '{ delay(1); }')] } }),
        ...(program.sketch.family === 'esp32' && { severity: 'warning' }),
      } satisfies Report;
    }
  },
});

export const waitForSerial = rule({
  id: 'L31',
  rule: 'wait-for-serial',
  severity: 'error',
  why: 'On boards with native USB nobody opens the port when they hang on a charger, so the program never gets any further.',
  mend: 'Wait two or three seconds at most: while (!Serial && millis() < 3000) {}',
  *find(program) {
    // The UART of the ESP8266 is ready at once: there the loop ends by itself.
    if (program.sketch.family === 'esp8266') return;
    for (const wait of once(
      program.waits.filter((each) => notInTasks(each) && isSerialWait(each) && !each.bounded && !each.serves),
    )) {
      const { condition } = wait.run.loop;
      const plain = condition && /^!\s*Serial$/.test(textAt(program.sketch, condition.place));
      yield {
        place: head(wait),
        message: 'the board waits here until someone opens the serial port',
        ...(plain && {
          fix: {
            safety: 'safe',
            edits: [replace(condition.place, `${textAt(program.sketch, condition.place)} && millis() < 3000`)],
          },
        }),
      } satisfies Report;
    }
  },
});

export const longDelay = rule({
  id: 'L09',
  rule: 'long-delay',
  severity: 'warning',
  why: 'An uploader waits about 10 seconds for each answer. What arrives while the sketch waits elsewhere is answered late or not at all.',
  mend: 'Look at millis() instead of waiting, or call ArduinoOTA.handle() between short waits.',
  *find(program) {
    if (!program.loop || servedByTaskOnly(program)) return;
    if (!program.steps.some(({ name }) => program.serving(name))) return;
    const harmless = (guard: Parameters<typeof link>[1]) => link(program.sketch, guard) === 'down';
    const { routine } = program.loop.entry;
    const rest = longestStretch(program.sketch, routine, program.serving, false, harmless);
    const all = longestStretch(program.sketch, routine, program.serving, true, harmless);
    const ms = rest.ms > 1000 ? rest.ms : all.ms > 8000 ? all.ms : 0;
    if (ms === 0) return;
    const calls = (rest.ms > 1000 ? rest : all).calls;
    const place = calls.toSorted((a, b) => weight(b) - weight(a))[0]?.place ?? routine.place;
    yield {
      place,
      message: `one pass of loop() can stay away from updates for ${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`,
      severity: ms > 8000 ? 'error' : 'warning',
      also: calls.map((call) => call.place).filter((each) => each !== place),
    };
    function weight(call: (typeof calls)[number]): number {
      const first = call.args[0];
      return first?.kind === 'number' ? first.value : 0;
    }
  },
});

export const otaBeginAfterBlocker = rule({
  id: 'L03',
  rule: 'ota-begin-after-blocker',
  severity: 'error',
  why: 'Until that wait is over the update service has not started: no port is listed and no upload is answered.',
  mend: 'Start OTA as soon as the board has its address, before anything that may wait.',
  *find(program) {
    const begin = called(mainSteps(program), /^ArduinoOTA\.begin$/)[0];
    if (!begin) return;
    const earlier = mainSteps(program).filter(({ order }) => order < begin.order);
    const blynk = earlier.find((step) => blynkJoins(step) && step.name === 'Blynk.begin');
    const wait = once(program.waits).find(
      (each) =>
        inMain(each) &&
        each.run.to <= begin.order &&
        !each.bounded &&
        !each.serves &&
        !each.restarts &&
        (each.endless || ['cloud', 'device', 'clock', 'pin', 'flag'].some((topic) => each.topics.has(topic as 'pin'))),
    );
    const portal = earlier.find((step) => waitsInPortal(program, step));
    const cause = blynk?.call.place ?? (wait && head(wait)) ?? portal?.call.place;
    if (!cause) return;
    const what = blynk ? 'Blynk.begin()' : wait ? `the wait in line ${cause.line}` : 'the Wi-Fi portal';
    yield {
      place: begin.call.place,
      also: [cause],
      message: `ArduinoOTA.begin() comes after ${what}, which may never return`,
      // A portal only waits where the Wi-Fi could not be joined anyway.
      ...(!blynk && !wait && { severity: 'warning' }),
    } satisfies Report;
  },
});
