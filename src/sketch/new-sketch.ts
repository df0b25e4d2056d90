/** A sketch to begin with: takes updates from the first second, waits for nothing, keeps its secrets apart. */
import type { Family } from './model.ts';
import type { SketchFile } from './source/tabs.ts';

export interface NewSketch {
  readonly name?: string;
  readonly family: Family;
  /** Default true. */
  readonly ota?: boolean;
  readonly blynk?: boolean;
  /** Without the callbacks that print progress and errors: smaller. */
  readonly minimal?: boolean;
  /** Default true when `ota`. */
  readonly password?: boolean;
}

export function newSketch(wish: NewSketch): SketchFile[] {
  const { name = 'kitchen', ota = true, blynk = false, minimal = false } = wish;
  const password = ota && (wish.password ?? true);
  return [
    { name: `${name}.ino`, text: program(wish.family, { name, ota, blynk, minimal, password }) },
    { name: 'secrets.h', text: secrets({ blynk, password }) },
  ];
}

type Choice = Required<Omit<NewSketch, 'family'>>;

const secrets = ({ blynk, password }: { blynk: boolean; password: boolean }): string =>
  [
    '// Keep this file to yourself: leave it out when you post or publish the sketch.',
    '#pragma once',
    '',
    'const char WIFI_SSID[] = "your-wifi-name";',
    'const char WIFI_PASSWORD[] = "your-wifi-password";',
    ...(password ? ['const char OTA_PASSWORD[] = "your-ota-password";  // letters and digits'] : []),
    ...(blynk ? ['const char BLYNK_TOKEN[] = "your-blynk-token";'] : []),
    '',
  ].join('\n');

const headers: Record<Family, { wifi: readonly string[]; blynk: string }> = {
  esp8266: { wifi: ['ESP8266WiFi.h'], blynk: 'BlynkSimpleEsp8266.h' },
  esp32: { wifi: ['WiFi.h'], blynk: 'BlynkSimpleEsp32.h' },
  rp2040: { wifi: ['WiFi.h'], blynk: 'BlynkSimpleWifi.h' },
};

function program(family: Family, choice: Choice): string {
  const { wifi, blynk: blynkHeader } = headers[family];
  const { name, ota, blynk, minimal, password } = choice;
  const lines: (string | false)[] = [
    `// ${name}: ${ota ? 'takes updates over the air' : 'joins the Wi-Fi'}. Nothing in loop() may wait: use millis(), not delay().`,
    blynk && '#define BLYNK_PRINT Serial  // before the include, or it has no effect',
    ...wifi.map((header) => `#include <${header}>`),
    ota && '#include <ArduinoOTA.h>',
    blynk && `#include <${blynkHeader}>`,
    '#include "secrets.h"',
    '',
    `const char HOSTNAME[] = "${hostname(name)}";  // one name for each board`,
    'const unsigned long WIFI_RETRY_MS = 30000;',
    blynk && 'const unsigned long BLYNK_RETRY_MS = 60000;',
    '',
    'unsigned long lastWifiTry = 0;',
    blynk && 'unsigned long lastBlynkTry = 0;',
    ota && 'bool otaStarted = false;',
    '',
    ...(ota ? startOta(minimal, password) : []),
    ...keepWifi(family),
    ...(blynk ? keepBlynk() : []),
    'void setup() {',
    '  Serial.begin(115200);',
    '  WiFi.mode(WIFI_STA);',
    family === 'esp8266' ? '  WiFi.hostname(HOSTNAME);' : '  WiFi.setHostname(HOSTNAME);',
    family === 'rp2040' ? '  WiFi.beginNoBlock(WIFI_SSID, WIFI_PASSWORD);' : '  WiFi.begin(WIFI_SSID, WIFI_PASSWORD);',
    '  lastWifiTry = millis();',
    blynk && '  Blynk.config(BLYNK_TOKEN);',
    '}',
    '',
    'void loop() {',
    ota && '  if (otaStarted) ArduinoOTA.handle();  // first, and on every pass',
    '  keepWifi();',
    ota && '  if (!otaStarted && WiFi.status() == WL_CONNECTED) startOta();',
    blynk && '  keepBlynk();',
    '  // your own work here',
    '}',
    '',
  ];
  return lines.filter((line) => line !== false).join('\n');
}

const startOta = (minimal: boolean, password: boolean): string[] => [
  'void startOta() {',
  '  ArduinoOTA.setHostname(HOSTNAME);',
  ...(password ? ['  ArduinoOTA.setPassword(OTA_PASSWORD);'] : []),
  ...(minimal
    ? ['  ArduinoOTA.onError([](ota_error_t error) { Serial.printf("OTA error %u\\n", (unsigned)error); });']
    : [
        '  ArduinoOTA.onStart([]() { Serial.println("update starts"); });',
        '  ArduinoOTA.onEnd([]() { Serial.println("update done"); });',
        '  ArduinoOTA.onProgress([](unsigned int done, unsigned int total) {',
        '    static unsigned int shown = 0;',
        '    const unsigned int percent = done * 100 / total;',
        '    if (percent / 10 == shown) return;  // a line for each 10 %, not for each piece',
        '    shown = percent / 10;',
        '    Serial.printf("%u %%\\n", percent);',
        '  });',
        '  ArduinoOTA.onError([](ota_error_t error) {',
        '    // 0 password, 1 no room, 2 no connection, 3 and 4 the transfer broke off',
        '    Serial.printf("OTA error %u\\n", (unsigned)error);',
        '  });',
      ]),
  '  ArduinoOTA.begin();',
  '  otaStarted = true;',
  '  Serial.print("ready for updates at ");',
  '  Serial.println(WiFi.localIP());',
  '}',
  '',
];

const keepWifi = (family: Family): string[] => [
  '// Joins again when the link was lost; never waits for it.',
  'void keepWifi() {',
  '  if (WiFi.status() == WL_CONNECTED || millis() - lastWifiTry < WIFI_RETRY_MS) return;',
  '  lastWifiTry = millis();',
  family === 'rp2040' ? '  WiFi.beginNoBlock(WIFI_SSID, WIFI_PASSWORD);' : '  WiFi.begin(WIFI_SSID, WIFI_PASSWORD);',
  '}',
  '',
];

const keepBlynk = (): string[] => [
  '// One try a minute, three seconds at most: updates go on while Blynk is away.',
  'void keepBlynk() {',
  '  if (WiFi.status() != WL_CONNECTED) return;',
  '  if (Blynk.connected()) {',
  '    Blynk.run();',
  '  } else if (lastBlynkTry == 0 || millis() - lastBlynkTry >= BLYNK_RETRY_MS) {',
  '    lastBlynkTry = millis();',
  '    Blynk.connect(3000);',
  '  }',
  '}',
  '',
];

const hostname = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63) || 'board';
