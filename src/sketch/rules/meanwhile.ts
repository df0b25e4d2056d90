/** What goes on while an update comes in, and should be stopped when it starts. */
import { replace, textAt } from '../edits.ts';
import type { ReadProgram, Report } from '../finding.ts';
import { constant, expressionsOf, handedRoutine, includes, numeric, placeOf, typeOf } from '../model.ts';
import type { Step } from '../trace.ts';
import type { Expression, Variable } from '../tree.ts';
import { called, inCallback, objectOf, onStart, rule, stopsOnStart } from './common.ts';

const teardown =
  /^(?:detach|disable|end|stop|sleep|disableIRIn|timer1_disable|timer1_detachInterrupt|timer0_detachInterrupt|timerAlarmDisable|timerDetachInterrupt|timerStop|timerEnd|detachInterrupt|vTaskSuspend|vTaskDelete|noInterrupts|suspend|pause|active|reset|off)$/;

/** A Ticker's callback that only sets a flag or a pin is over before anyone notices. */
function isQuick(program: ReadProgram, step: Step): boolean {
  const routine = step.call.args.map((each) => handedRoutine(program.sketch, each)).find(Boolean);
  const trace = program.traces.find(({ entry }) => entry.routine === routine);
  return (
    !!trace &&
    trace.loops.length === 0 &&
    trace.steps.every(
      ({ name, runs }) =>
        runs ||
        /^(?:digital(?:Read|Write)|millis|micros|bitSet|\w+_toggle|ESP\.wdtFeed|port\w+_CRITICAL_ISR)$/.test(name),
    )
  );
}

export const timersRunning = rule({
  id: 'L28',
  rule: 'timers-running',
  severity: 'warning',
  why: 'Its interrupts keep coming while flash is erased and written; that crashes or stalls the update.',
  mend: 'Stop it in ArduinoOTA.onStart().',
  *find(program) {
    if (!program.ota.arduino || stopsOnStart(program, teardown)) return;
    const { sketch } = program;
    const esp8266 = sketch.family !== 'esp32' && sketch.family !== 'rp2040';
    const drivers: readonly [RegExp, string, boolean][] = [
      [/^timer1_(?:attachInterrupt|enable)$|^timer0_attachInterrupt$/, 'timer1', true],
      [/^timerAttachInterrupt$/, 'a hardware timer', true],
      [/^Ticker\.(?:attach|attach_ms)$/, 'a Ticker', true],
      [/^Servo\.attach$/, 'a servo', esp8266],
      [/^IRrecv\.enableIRIn$/, 'the infrared receiver', true],
      [/^(?:LoRa|LoRaClass)\.(?:receive|onReceive)$/, 'the LoRa radio', true],
      [/^(?:Tone|tone)$/, 'tone()', false],
      [/^RCSwitch\.enableReceive$/, 'the 433 MHz receiver', true],
      [
        /^(?:RotaryEncoder|Encoder|ESP32Encoder|AiEsp32RotaryEncoder)\.(?:begin|setup|attach\w*)$/,
        'the encoder',
        esp8266,
      ],
    ];
    for (const step of program.steps) {
      const driver = drivers.find(([name, , here]) => here && name.test(step.name));
      const slave =
        /^Wire\d?\.begin$/.test(step.name) &&
        step.call.args.length === 1 &&
        (numeric(sketch, step.call.args[0]) ?? 0) > 2;
      if ((!driver && !slave) || (step.name.startsWith('Ticker') && isQuick(program, step))) continue;
      yield {
        place: step.call.place,
        message: `${slave ? 'I2C as a slave' : driver![1]} keeps running during an update`,
      };
      return;
    }
  },
});

const softSerial = /^(?:SoftwareSerial|EspSoftwareSerial|UART)$/;

export const uartDevice = rule({
  id: 'L29',
  rule: 'uart-device',
  severity: 'warning',
  why: 'Each byte that it sends is an interrupt; a steady stream of them stalls the update.',
  mend: 'Call its end() in ArduinoOTA.onStart().',
  *find(program) {
    if (!program.ota.arduino || stopsOnStart(program, /^(?:end|stopListening|enableRx)$/)) return;
    const { sketch } = program;
    const begin = program.steps.find(
      ({ name, call }) => softSerial.test(name.split('.')[0]!) && call.method === 'begin',
    );
    if (begin) {
      const object = objectOf(begin.call);
      const reads = program.steps.some(
        ({ call }) => objectOf(call) === object && /^(?:available|read\w*|listen|peek)$/.test(call.method),
      );
      const handed = [...expressionsOf(sketch)].some(
        (each) => each.kind === 'call' && each.args.some((one) => one.kind === 'name' && one.name === object),
      );
      if (reads || handed)
        yield { place: begin.call.place, message: 'a device keeps sending over SoftwareSerial during an update' };
      return;
    }
    if (sketch.family === 'esp32' || sketch.family === 'rp2040') return;
    const fed = program.steps.find(
      ({ call }) =>
        /^(?:encode|decode|parse|read|handle|feed|process)$/i.test(call.method) &&
        call.args.some(
          (each) => each.kind === 'call' && /^Serial\d?$/.test(each.object ?? '') && each.method === 'read',
        ),
    );
    if (fed) yield { place: fed.call.place, message: 'a device keeps sending over the serial port during an update' };
  },
});

const displays = /^(?:display|tft|lcd|oled|u8g2|screen|matrix|epd|disp|sprite|gfx)\d?$/i;
const displayWork =
  /^(?:display|sendBuffer|clearDisplay|fillScreen|fillRect|drawString|drawText|println?|printf|update|refresh|show|pushSprite|setCursor|drawProgressBar|firstPage|nextPage|clear|drawBitmap)$/;
const redraw =
  /^(?:display|sendBuffer|fillScreen|pushSprite|nextPage|refresh|drawString|drawProgressBar|update|clear|print(?:ln|f)?)$/;

/** Work that takes longer than a chunk of an update may. */
function heavy(step: Step, everyChunk: boolean): string | undefined {
  const { name, call } = step;
  const object = objectOf(call);
  if (/^HTTPClient\.(?:GET|POST|PUT|sendRequest)$/.test(name)) return 'an HTTP request';
  if (
    /^FS\.(?:open|format|remove|rename)$|^File\.(?:write|print\w*)$|^EEPROM\.commit$/.test(name) &&
    (everyChunk || /format/.test(name))
  )
    return 'file work';
  if (name === 'delay' && call.args[0]?.kind === 'number' && call.args[0].value >= (everyChunk ? 20 : 3000))
    return 'a delay';
  if (!everyChunk) return undefined;
  if (displays.test(object) && displayWork.test(call.method) && redraw.test(call.method)) return 'drawing on a display';
  if (
    /^(?:PubSubClient|MQTTClient|AsyncMqttClient)\.publish$|^Blynk\.(?:virtualWrite|notify|logEvent|run|email)$|^WebSocketsServer\.\w+$/.test(
      name,
    )
  )
    return 'sending over the network';
  if (/^(?:FastLED|Adafruit_NeoPixel|NeoPixelBus)\.show$|^(?:strip|pixels|leds)\.show$/i.test(name))
    return 'driving a LED strip';
  return undefined;
}

export const heavyCallback = rule({
  id: 'L32',
  rule: 'heavy-callback',
  severity: 'warning',
  why: 'The callback runs once for each piece of the update, and the uploader waits meanwhile.',
  mend: 'Do it only when the percentage has changed, every few percent.',
  *find(program) {
    for (const step of inCallback(program, /^onProgress$/)) {
      const work = step.guards.length === 0 ? heavy(step, true) : undefined;
      if (!work) continue;
      yield { place: step.call.place, message: `onProgress does ${work} for each piece of the update` };
      return;
    }
    const prints = inCallback(program, /^onProgress$/).filter(
      ({ name, call, guards }) =>
        guards.length === 0 &&
        (name === 'Serial.println' ||
          (name === 'Serial.printf' && /\n/.test(String(constant(program.sketch, call.args[0]) ?? '')))),
    );
    if (prints.length > 1) {
      yield {
        place: prints[0]!.call.place,
        message: `onProgress prints ${prints.length} lines for each piece of the update`,
      };
      return;
    }
    for (const step of onStart(program)) {
      const work = heavy(step, false);
      if (!work) continue;
      yield {
        place: step.call.place,
        message: `onStart does ${work} while the uploader waits`,
        why: 'The uploader gives up after some seconds without an answer.',
        mend: 'Keep onStart short.',
      };
      return;
    }
  },
});

export const progressDivZero = rule({
  id: 'L33',
  rule: 'progress-div-zero',
  severity: 'info',
  why: 'For a size of 1 to 99 bytes the inner division gives 0, and dividing by that restarts the board.',
  mend: 'Multiply first: progress * 100 / total.',
  *find(program) {
    const seen = new Set<number>();
    for (const each of expressionsOf(program.sketch)) {
      if (
        each.kind !== 'binary' ||
        each.operator !== '/' ||
        each.right.kind !== 'binary' ||
        each.right.operator !== '/'
      )
        continue;
      const total = each.right.left;
      if (total.kind !== 'name' || numeric(program.sketch, each.right.right) !== 100 || seen.has(each.place.start))
        continue;
      if (numeric(program.sketch, total) !== undefined || guardsTotal(program, each, total.name)) continue;
      seen.add(each.place.start);
      const text = (one: Expression) => textAt(program.sketch, one.place);
      yield {
        place: each.place,
        message: `${text(total)} / 100 is 0 for a very small update`,
        fix: { safety: 'safe', edits: [replace(each.place, `${text(each.left)} * 100 / ${text(total)}`)] },
      } satisfies Report;
    }
  },
});

const guardsTotal = (program: ReadProgram, division: Expression, total: string): boolean =>
  inCallback(program, /./).some(
    ({ call, guards }) =>
      call.place.start <= division.place.start &&
      call.place.end >= division.place.end &&
      guards.some(({ condition }) => textAt(program.sketch, condition.place).includes(total)),
  );

export const fsNotEnded = rule({
  id: 'L34',
  rule: 'fs-not-ended',
  severity: 'warning',
  why: 'An update of the file system overwrites it while it is in use: the update ends in an error, or files are damaged later.',
  mend: 'Call its end() in ArduinoOTA.onStart().',
  *find(program) {
    if (!program.ota.arduino) return;
    const begin = called(program.steps, /^FS\.begin$/)[0];
    if (!begin || onStart(program).some(({ name }) => /^FS\.end$/.test(name))) return;
    yield { place: begin.call.place, message: `${begin.call.object} stays mounted during an update` };
  },
});

export const bleActive = rule({
  id: 'L35',
  rule: 'ble-active',
  severity: 'warning',
  why: 'Bluetooth shares the radio and the memory with the Wi-Fi; long transfers break.',
  mend: 'Stop scanning and switch Bluetooth off in ArduinoOTA.onStart().',
  *find(program) {
    const ble = /^(?:BLE\w*|NimBLE\w*|esp_bt\w*|BluetoothSerial|SimpleBLE|BleKeyboard|ArduinoBLE|SerialBT)\.h$/;
    if (!(program.ota.arduino || program.ota.other) || !includes(program.sketch, ble)) return;
    if (stopsOnStart(program, /deinit|^stop|^end$|btStop|disable/i)) return;
    const begin = program.steps.find(({ name }) =>
      /^(?:BLEDevice|NimBLEDevice|BluetoothSerial|SerialBT|BLE)\.(?:init|begin)$/.test(name),
    );
    const include = program.sketch.includes.find(({ path }) => ble.test(path))!;
    yield {
      place: begin?.call.place ?? placeOf(program.sketch, include),
      message: 'Bluetooth keeps running during an update',
    };
  },
});

const tls =
  /^(?:WiFiClientSecure|NetworkClientSecure|WiFiClientSecureCtx|BearSSL|BearSSL_WiFiClientSecure|WiFiSSLClient|SSLClient)$/;

export const tlsHeld = rule({
  id: 'L36',
  rule: 'tls-held',
  severity: 'warning',
  why: 'An open TLS connection holds some 20 to 40 kB; what is left may be too little for the update.',
  mend: 'Call its stop() in ArduinoOTA.onStart().',
  *find(program) {
    if (!program.ota.arduino || stopsOnStart(program, /^(?:stop|disconnect|end|abort|reset)$/)) return;
    const held: Variable | undefined = program.sketch.variables.find(
      ({ name, global }) => global && tls.test(typeOf(program.sketch, name)),
    );
    if (held) yield { place: held.place, message: 'a TLS connection is kept open during an update' };
  },
});
