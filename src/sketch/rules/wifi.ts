/** Who owns the Wi-Fi, and whether OTA keeps it. */
import { indentAt, lineEnd, replace, textAt } from '../edits.ts';
import type { ReadProgram, Report } from '../finding.ts';
import { constant, numeric, type Sketch } from '../model.ts';
import type { Step } from '../trace.ts';
import { type Expression, expressionsIn } from '../tree.ts';
import {
  blynkJoins,
  called,
  exclusive,
  isPortal,
  joins,
  link,
  mainSteps,
  rule,
  stopsOnStart,
  whileDown,
} from './common.ts';

export const blynkBeginOwnsWifi = rule({
  id: 'L02',
  rule: 'blynk-begin-owns-wifi',
  severity: 'error',
  why: 'It joins the Wi-Fi once more and then waits for ever, first for the Wi-Fi and then for the Blynk server. Until both answer, loop() does not run and no update is taken.',
  mend: 'Join the Wi-Fi yourself, then call Blynk.config(auth) and Blynk.connect(5000): that one gives up.',
  *find(program) {
    const ownJoin = called(program.steps, joins)[0];
    for (const step of program.steps) {
      if (step.name !== 'Blynk.begin' || step.call.args.length < 3 || !(ownJoin || program.ota.arduino)) continue;
      const { place, args } = step.call;
      const [auth, ssid, pass, ...server] = args.map((each) => textAt(program.sketch, each.place));
      const eol = `${lineEnd(program.sketch, place.file)}${indentAt(program.sketch, place)}`;
      const config = `Blynk.config(${[auth, ...server].join(', ')});${eol}Blynk.connect(5000)`;
      const joined = ownJoin && ownJoin.order < step.order;
      const wait = `WiFi.begin(${ssid}, ${pass});${eol}for (int i = 0; i < 40 && WiFi.status() != WL_CONNECTED; i++) delay(250);${eol}`;
      yield {
        place,
        message: 'Blynk.begin() takes over the Wi-Fi and waits for ever',
        fix: joined
          ? { safety: 'safe', edits: [replace(place, config)] }
          : { safety: 'unsafe', edits: [replace(place, `${wait}${config}`)] },
      } satisfies Report;
    }
  },
});

export const doubleWifiBegin = rule({
  id: 'L14',
  rule: 'double-wifi-begin',
  severity: 'warning',
  why: 'Joining again drops every open socket and the mDNS group, so an update service that has begun may go deaf.',
  mend: 'Let one part of the sketch own the Wi-Fi; join again only when the link is down.',
  *find(program) {
    const steps = mainSteps(program);
    const owners = steps.filter(
      (step) => (joins.test(step.name) || blynkJoins(step) || isPortal(step)) && !whileDown(program, step),
    );
    const first = owners[0];
    const second = first && owners.find((step) => step !== first && !exclusive(first, step));
    if (second) {
      yield {
        place: second.call.place,
        also: [first.call.place],
        message: `the Wi-Fi is joined here a second time; ${first.name}() in line ${first.call.place.line} already did`,
      };
      return;
    }
    const begin = called(steps, /^ArduinoOTA\.begin$/)[0];
    const mode = called(steps, /^WiFi\.mode$/).find(
      (step) => begin && step.order > begin.order && !whileDown(program, step) && !exclusive(begin, step),
    );
    if (mode)
      yield {
        place: mode.call.place,
        also: [begin!.call.place],
        message: 'the Wi-Fi mode is changed after OTA has begun',
      };
  },
});

const isApMode = (argument: Expression | undefined): boolean =>
  [...expressionsIn(argument)].some(
    (each) => each.kind === 'name' && /^(?:WIFI_AP|WIFI_AP_STA|WIFI_MODE_AP|WIFI_MODE_APSTA)$/.test(each.name),
  );

const opensAp = (step: Step): boolean =>
  step.name === 'WiFi.softAP' ||
  step.name === 'WiFi.beginAP' ||
  (/^WiFi\.mode$|^wifi_set_opmode$/.test(step.name) && isApMode(step.call.args[0]));

export const apOrApSta = rule({
  id: 'L15',
  rule: 'ap-or-apsta',
  severity: 'warning',
  why: 'With its own access point open the board may announce itself on the wrong network, hops channels, and a computer on the home network may not reach it.',
  mend: 'Use WIFI_STA for normal work and close the access point when set-up is done.',
  *find(program) {
    const step = program.steps.find((each) => opensAp(each) && !whileDown(program, each) && !isFallback(program, each));
    if (!step) return;
    const closed = program.steps.some(
      ({ name, call, order }) =>
        order > step.order && (name === 'WiFi.softAPdisconnect' || (name === 'WiFi.mode' && !isApMode(call.args[0]))),
    );
    if (!closed) yield { place: step.call.place, message: 'the board opens its own access point' };
  },
});

/** Opened where joining just failed: after a bounded wait, under a condition about it. */
const isFallback = (program: ReadProgram, step: Step): boolean =>
  step.guards.some(
    (guard) =>
      link(program.sketch, guard) === 'down' ||
      (!guard.holds && link(program.sketch, { ...guard, holds: true }) === 'up'),
  );

type Address = readonly [number, number, number, number];

function address(sketch: Sketch, expression: Expression | undefined): Address | undefined {
  if (!expression) return undefined;
  if (expression.kind === 'call' && /^IPAddress$/.test(expression.method) && expression.args.length === 4) {
    const octets = expression.args.map((each) => numeric(sketch, each));
    return octets.every((each) => each !== undefined) ? (octets as unknown as Address) : undefined;
  }
  if (expression.kind === 'name') {
    const variable = sketch.variables.find(({ name, type }) => name === expression.name && /IPAddress/.test(type));
    if (variable?.value && variable.value !== expression) return address(sketch, variable.value);
    const define = sketch.defines.find(({ name }) => name === expression.name);
    const octets = /^(?:IPAddress)?\s*\(?\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)?$/
      .exec(define?.body ?? '')
      ?.slice(1);
    return octets ? (octets.map(Number) as unknown as Address) : undefined;
  }
  const text = constant(sketch, expression.kind === 'call' ? expression.args[0] : expression);
  const parts = typeof text === 'string' ? /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1) : undefined;
  return parts ? (parts.map(Number) as unknown as Address) : undefined;
}

const asNumber = (each: Address): number => each.reduce((sum, octet) => sum * 256 + octet, 0);
const isMask = (each: Address | undefined): each is Address => each?.[0] === 255;
const contiguous = (mask: Address): boolean => /^1*0*$/.test(asNumber(mask).toString(2).padStart(32, '0'));
const masked = (each: Address, mask: Address): string => each.map((octet, index) => octet & mask[index]!).join('.');

function configTrouble(sketch: Sketch, step: Step): { message: string; severity?: 'warning' } | undefined {
  const addresses = step.call.args.map((each) => address(sketch, each));
  const [ip, second, third, fourth] = addresses;
  if (!ip || step.call.args.length < 3 || asNumber(ip) === 0) return undefined;
  const arduinoOrder = !isMask(third) && isMask(fourth);
  if (addresses.some((each) => each?.some((octet) => octet > 255)))
    return { message: 'an address has a number above 255' };
  if (isMask(ip) || isMask(second)) return { message: 'the network mask stands in the wrong place' };
  const mask = arduinoOrder ? fourth : third;
  const gateway = arduinoOrder ? third : second;
  if (!mask) return undefined;
  if (!isMask(mask)) return { message: 'the third argument is no network mask' };
  if (!contiguous(mask)) return { message: 'the network mask has a gap' };
  if (gateway && asNumber(gateway) !== 0) {
    if (masked(gateway, mask) !== masked(ip, mask))
      return { message: "the gateway lies outside the board's own network" };
    if (asNumber(gateway) === asNumber(ip)) return { message: "the board takes the gateway's own address" };
  }
  if (arduinoOrder && sketch.family !== 'rp2040')
    return {
      message:
        'the order is that of other Arduino boards: address, DNS, gateway, mask; older ESP cores take it wrongly',
      severity: 'warning',
    };
  return undefined;
}

export const wifiConfigArgs = rule({
  id: 'L16',
  rule: 'wifi-config-args',
  severity: 'error',
  why: 'With a wrong mask or gateway the board hears the computer but sends its answers nowhere.',
  mend: 'Give address, gateway, mask, DNS in this order; the gateway is the router, in the same network.',
  *find(program) {
    for (const step of called(program.steps, /^WiFi\.config$/)) {
      const trouble = configTrouble(program.sketch, step);
      if (trouble) yield { place: step.call.place, ...trouble };
    }
  },
});

export const lightOrModemSleep = rule({
  id: 'L26',
  rule: 'light-or-modem-sleep',
  severity: 'warning',
  why: 'A radio that sleeps between beacons answers late and loses packets; an upload notices first.',
  mend: 'Switch sleep off for the update, in onStart, or for good: WiFi.setSleep(false).',
  *find(program) {
    if (stopsOnStart(program, /^(?:setSleep|setSleepMode|esp_wifi_set_ps|wifi_set_sleep_type)$/)) return;
    for (const { name, call } of program.steps) {
      const [mode] = call.args;
      const said = mode?.kind === 'name' ? mode.name : '';
      const sleeps =
        /^(?:esp_light_sleep_start|WiFi\.forceLightSleep)$/.test(name) ||
        (name === 'WiFi.setSleep' && ((mode?.kind === 'number' && mode.value !== 0) || /^WIFI_PS_M/.test(said))) ||
        (/^(?:WiFi\.setSleepMode|wifi_set_sleep_type|wifi_fpm_set_sleep_type)$/.test(name) &&
          /LIGHT|MODEM/.test(said)) ||
        (name === 'esp_wifi_set_ps' && /^WIFI_PS_M/.test(said));
      if (!sleeps) continue;
      yield {
        place: call.place,
        message: /light/i.test(name + said) ? 'the board takes light sleep' : 'the radio is allowed to sleep',
      };
      return;
    }
  },
});

export const stopAll = rule({
  id: 'L42',
  rule: 'stop-all',
  severity: 'warning',
  why: 'It closes the socket on which OTA listens as well, and nothing opens it again.',
  mend: 'Stop only what is yours, or call ArduinoOTA.begin() again afterwards.',
  *find(program) {
    const steps = mainSteps(program);
    const begins = called(steps, /^ArduinoOTA\.begin$/);
    const begin = begins[0];
    if (!begin) return;
    for (const step of steps) {
      const { name, call, order } = step;
      const off = name === 'WiFi.mode' && call.args[0]?.kind === 'name' && /OFF|NULL/.test(call.args[0].name);
      if (!/\.stopAll(?:Except)?$|^(?:WiFi\.disconnect|ArduinoOTA\.end|WiFi\.forceSleepBegin)$/.test(name) && !off)
        continue;
      if (order < begin.order || whileDown(program, step) || exclusive(begin, step)) continue;
      if (begins.some((again) => again.order > order) || sleepsAfter(program, step)) continue;
      yield { place: call.place, also: [begin.call.place], message: `${name}() takes the network away from OTA` };
    }
  },
});

/** Tidying up before a deep sleep or a restart. */
const sleepsAfter = (program: ReadProgram, step: Step): boolean =>
  program.steps.some(
    ({ name, order, within }) =>
      order > step.order && within === step.within && /deepSleep|deep_sleep|restart|reset|reboot/.test(name),
  );
