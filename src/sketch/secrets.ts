/** Which texts of a sketch are secrets. They are never shown, and rules speak of them without saying them. */
import { constant, expressionsOf, nameOf, type Sketch } from './model.ts';
import type { Expression, Place } from './tree.ts';

export interface SecretText {
  readonly value: string;
  readonly what: 'Wi-Fi password' | 'Blynk token' | 'OTA password' | 'password' | 'key';
  /** Where the text itself stands. */
  readonly place: Place;
  /** Not a placeholder. */
  readonly real: boolean;
}

/** Which arguments of which calls are secrets. */
const secretArguments: readonly [RegExp, readonly number[], SecretText['what']][] = [
  [/^WiFi\.(?:begin|beginNoBlock|softAP)$|addAP$/, [1], 'Wi-Fi password'],
  [/^Blynk\.(?:begin|config)$/, [0], 'Blynk token'],
  [/^Blynk\.begin$/, [2], 'Wi-Fi password'],
  [/^Blynk\.connectWiFi$/, [1], 'Wi-Fi password'],
  [/^ArduinoOTA\.setPassword(?:Hash)?$/, [0], 'OTA password'],
  [/\.autoConnect$|\.startConfigPortal$/, [1], 'Wi-Fi password'],
  [/^(?:PubSubClient|MQTTClient)\.connect$/, [2], 'password'],
  [/\.setCredentials$|\.setUsernamePassword$|\.setAuthentication$|\.authenticate$/, [1], 'password'],
  [/^(?:ElegantOTA|AsyncElegantOTA)\.begin$|^httpUpdater\.setup$/, [2, 3], 'OTA password'],
];

const secretName =
  /pass(?:word|wd|phrase)?$|(?:^|_)(?:pass|pwd|psk|token|secret|auth|api_?key)(?:$|_|\d)|password|passwd|wifi_?key|apikey/i;

/** Values that people put in the place of a secret before they post a sketch, and that examples ship. */
const placeholder =
  /^$|^[*x.\-_?#\s•]+$|^<.*>$|^\[.*\]$|^\{.*\}$|^\.{2,}|your|^my[-_ ]?(?:pass|ssid|token|secret|wifi|network|key|auth)|^(?:the[-_ ])?(?:ssid|pass(?:word|wd)?|token|auth(?:[-_ ]?token)?|secret|key|pwd|psk|changeme|change[-_ ]me|replace|todo|example|insert.*|enter.*|put.*|set.*here|stapsk|stassid|none|null|dummy|wifi[-_ ]?(?:pass(?:word)?|key|ssid)|network[-_ ]?password|ota[-_ ]?pass(?:word)?|mqtt[-_ ]?pass(?:word)?|test(?:ing)?|foo|bar|xyz|\*+.*\*+)$|password$|passwort|here$|redacted|hidden|removed|x{4,}|\*{3,}|example/i;

const isPlaceholder = (value: string): boolean => placeholder.test(value.trim());

/** Somebody's own, and not what examples ship or what can be no key: WPA asks for eight characters at least. */
const isReal = (value: string, what: SecretText['what']): boolean =>
  !isPlaceholder(value) &&
  !/^(?:admin|123+\d*|1234\w*|abc)$/i.test(value) &&
  !(what === 'Wi-Fi password' && value.length < 8);

/** Files that exist to hold secrets. */
export const isSecretsFile = (file: string): boolean =>
  /(?:secret|credential|private|password|arduino_secrets|config|settings|env)\w*\.h(?:pp)?$/i.test(file);

function textPlace(sketch: Sketch, expression: Expression, depth = 0): Place | undefined {
  if (expression.kind === 'text') return expression.place;
  if (expression.kind !== 'name' || depth > 4) return undefined;
  const variable = sketch.variables.find(({ name }) => name === expression.name.split('.').at(-1));
  if (variable?.value) return textPlace(sketch, variable.value, depth + 1) ?? variable.place;
  const define = sketch.defines.find(({ name }) => name === expression.name);
  return (
    define && { file: define.file, start: define.start, end: define.end, line: 0, column: 0, endLine: 0, endColumn: 0 }
  );
}

/** Secrets by where they are used, placeholders too. */
export function secretsUsed(sketch: Sketch): SecretText[] {
  const found: SecretText[] = [];
  for (const each of expressionsOf(sketch)) {
    if (each.kind !== 'call') continue;
    const name = nameOf(sketch, each);
    for (const [calls, indexes, what] of secretArguments) {
      if (!calls.test(name)) continue;
      for (const index of indexes) {
        const argument = each.args[index];
        const value = constant(sketch, argument);
        const place = argument && textPlace(sketch, argument);
        if (typeof value === 'string' && value && place) found.push({ value, what, place, real: isReal(value, what) });
      }
    }
  }
  return found;
}

/** Everything to mask when lines are shown: what is used as a secret, and what merely is named like one. */
export function secretValues(sketch: Sketch): ReadonlySet<string> {
  const values = new Set(secretsUsed(sketch).map(({ value }) => value));
  for (const { name, value } of sketch.variables)
    if (secretName.test(name) && value?.kind === 'text' && value.value) values.add(value.value);
  for (const { name, body } of sketch.defines) {
    const text = /"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
    if (secretName.test(name) && text) values.add(text);
  }
  return values;
}

/** A text with the secrets in it covered: in quotes always, and elsewhere when it can't be a mere word. */
export function mask(text: string, secrets: ReadonlySet<string>): string {
  let shown = text;
  for (const secret of secrets) {
    shown = shown.replaceAll(`"${secret}"`, '"***"');
    if (secret.length >= 6 && !isPlaceholder(secret)) shown = shown.replaceAll(secret, '***');
  }
  return shown;
}

/** A text out of this sketch, such as the diff of a fix, with its secrets covered. */
export const withoutSecrets = (sketch: Sketch, text: string): string => mask(text, secretValues(sketch));
