/** What the board announces, and on which port it listens. */
import { firstIn } from '../edits.ts';
import type { ReadProgram } from '../finding.ts';
import { constant, numeric } from '../model.ts';
import { called, rule } from './common.ts';

/** Names out of examples: every second beginner's board has one of these. */
const everybodysName = /^(?:my-?esp(?:8266|32)?|esp(?:8266|32)?|esp-?ota|ota|picow|mypico)$/i;

export const hostnameChars = rule({
  id: 'L18',
  rule: 'hostname-chars',
  severity: 'warning',
  why: 'mDNS allows letters, digits and the hyphen; with others the port may not be listed.',
  mend: 'Use a to z, 0 to 9 and "-" only, 63 at most, and add something of the board, such as its chip id.',
  *find(program) {
    for (const { call, name } of called(
      program.steps,
      /^(?:ArduinoOTA\.setHostname|WiFi\.(?:hostname|setHostname)|MDNS\.begin)$/,
    )) {
      const value = constant(program.sketch, call.args[0]);
      if (typeof value !== 'string' || value === '') continue;
      if (/[^A-Za-z0-9-]/.test(value) || value.length > 63 || /^-|-$/.test(value))
        yield {
          place: call.args[0]!.place,
          message:
            value.length > 63
              ? 'the name is longer than 63 characters'
              : 'the name has characters that mDNS does not allow',
        };
      else if (everybodysName.test(value) && name === 'ArduinoOTA.setHostname')
        yield {
          place: call.args[0]!.place,
          severity: 'info',
          message: 'the name is that of the example; a second board with it would hide this one',
        };
    }
  },
});

const quietBegin = (program: ReadProgram) =>
  called(program.steps, /^ArduinoOTA\.begin$/).find(
    ({ call }) => call.args.length > 0 && numeric(program.sketch, call.args[0]) === 0,
  ) ??
  called(program.steps, /^ArduinoOTA\.setMdnsEnabled$/).find(({ call }) => numeric(program.sketch, call.args[0]) === 0);

export const secondMdns = rule({
  id: 'L19',
  rule: 'second-mdns',
  severity: 'warning',
  why: "ArduinoOTA.begin() starts mDNS itself. Two starters with two names get in each other's way; on some cores it crashes.",
  mend: 'Leave MDNS.begin() out and call MDNS.addService() only, or begin OTA without it: ArduinoOTA.begin(false).',
  *find(program) {
    const ota = called(program.steps, /^ArduinoOTA\.begin$/)[0];
    if (!ota || quietBegin(program)) return;
    const own = program.steps.find(({ name }) => /^(?:MDNS|MDNSResponder|MDNSResponder\w*|LEAmDNS)\.begin$/.test(name));
    if (own) yield { place: own.call.place, also: [ota.call.place], message: 'mDNS is started here and by ArduinoOTA' };
  },
});

export const mdnsOffWithoutUpdate = rule({
  id: 'L20',
  rule: 'mdns-off-without-update',
  severity: 'warning',
  why: 'With begin(false) ArduinoOTA leaves mDNS to the sketch; from ESP8266 core 2.5 it must be fed in loop(), or the port vanishes.',
  mend: 'Call MDNS.update() in loop().',
  *find(program) {
    const begin = quietBegin(program);
    if (!begin || program.sketch.family === 'esp32') return;
    if (called(program.steps, /\.update$/).some(({ name }) => /^(?:MDNS|MDNSResponder)/.test(name))) return;
    const loop = program.loop?.entry.routine;
    yield {
      place: begin.call.place,
      message: 'ArduinoOTA leaves mDNS to the sketch, and MDNS.update() is never called',
      fix:
        loop && called(program.steps, /^MDNS\.begin$/).length > 0
          ? { safety: 'safe', edits: [firstIn(program.sketch, loop, 'MDNS.update();')] }
          : undefined,
    };
  },
});

/** Source: ArduinoOTA of the three cores. */
const defaultPorts = { esp8266: 8266, esp32: 3232, rp2040: 2040 } as const;

const portSet = (program: ReadProgram) => called(program.steps, /^ArduinoOTA\.setPort$/)[0];

export const customPort = rule({
  id: 'L40',
  rule: 'custom-port',
  severity: 'warning',
  why: 'An uploader that is not told uses the usual port and gets no answer.',
  mend: 'Leave setPort() out, or set the same port in the uploader (PlatformIO: upload_flags = --port=…).',
  *find(program) {
    const step = portSet(program);
    const port = numeric(program.sketch, step?.call.args[0]);
    if (!step || port === undefined) return;
    const { family } = program.sketch;
    const usual: readonly number[] = family ? [defaultPorts[family]] : Object.values(defaultPorts);
    if (!usual.includes(port))
      yield { place: step.call.place, message: `OTA listens on port ${port}; uploaders expect ${usual.join(' or ')}` };
  },
});

export const udpOnOtaPort = rule({
  id: 'L41',
  rule: 'udp-on-ota-port',
  severity: 'error',
  why: 'Two can not listen on one port: ArduinoOTA.begin() fails without saying so.',
  mend: 'Take another port for it.',
  *find(program) {
    const { family } = program.sketch;
    if (!program.ota.arduino) return;
    const own = numeric(program.sketch, portSet(program)?.call.args[0]);
    const ports: readonly number[] = own !== undefined ? [own] : family ? [defaultPorts[family]] : [8266, 3232];
    for (const step of called(program.steps, /\.(?:begin|beginMulticast|listen|beginPacketPort)$/)) {
      if (!/udp/i.test(step.name) && !/udp/i.test(step.call.object ?? '')) continue;
      const taken = step.call.args
        .map((each) => numeric(program.sketch, each))
        .find((port) => port !== undefined && ports.includes(port));
      if (taken !== undefined)
        yield { place: step.call.place, message: `this takes UDP port ${taken}, on which OTA listens` };
    }
  },
});
