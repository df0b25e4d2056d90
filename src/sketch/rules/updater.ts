/** Updaters of one's own, built on the Update object. */
import type { Report } from '../finding.ts';
import { includes } from '../model.ts';
import { called, rule } from './common.ts';

const isWrite = /^(?:Update|UpdateClass)\.(?:write|writeStream)$/;

export const updateInAsyncCallback = rule({
  id: 'L37',
  rule: 'update-in-async-callback',
  severity: 'warning',
  why: 'Writing flash takes long, and the network task that calls this handler is watched: the board restarts in the middle of the update.',
  mend: 'On the ESP8266 call Update.runAsync(true) before Update.begin(); on the ESP32 write from loop(), or wait one tick after each piece.',
  *find(program) {
    if (!includes(program.sketch, /^(?:ESPAsyncWebServer|AsyncTCP|ESPAsyncTCP)\.h$/)) return;
    for (const { entry, steps } of program.traces) {
      if (entry.kind !== 'handler') continue;
      const write = steps.find(({ name }) => isWrite.test(name));
      const eased =
        program.steps.some(({ name }) => name === 'Update.runAsync') ||
        steps.some(({ name }) => /^(?:vTaskDelay|delay|yield|esp_task_wdt_reset|taskYIELD)$/.test(name));
      if (!write || eased) continue;
      yield { place: write.call.place, message: 'the update is written inside a handler of the asynchronous server' };
      return;
    }
  },
});

export const updateApiMisuse = rule({
  id: 'L38',
  rule: 'update-api-misuse',
  severity: 'warning',
  why: 'An update that failed then looks like one that worked.',
  mend: 'Begin first, then set the MD5; look at what begin(), write() and end() give back.',
  *find(program) {
    const asked =
      called(program.steps, /^Update\.(?:hasError|getError|isFinished|getErrorString|errorString)$/).length > 0;
    for (const trace of program.traces) {
      const md5 = trace.steps.find(({ name }) => name === 'Update.setMD5');
      const begin = trace.steps.find(({ name }) => name === 'Update.begin');
      if (md5 && begin && md5.order < begin.order && md5.within === begin.within)
        yield {
          place: md5.call.place,
          also: [begin.call.place],
          message: 'setMD5() comes before Update.begin(), which forgets it',
        } satisfies Report;
      if (asked) continue;
      const unchecked = trace.steps.find(({ name, unused }) => unused && /^Update\.(?:begin|end|write)$/.test(name));
      if (unchecked)
        yield { place: unchecked.call.place, message: `nobody looks at what Update.${unchecked.call.method}() says` };
    }
  },
});
