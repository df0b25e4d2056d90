// The text of a sketch with the traits that a case asks for, as people write them.
import type { Family } from './case.ts';

export interface Traits {
  family: Family;
  password: 'none' | 'plain' | 'upper-case-hash' | 'set-too-late';
  /** ArduinoOTA in it at all. */
  ota: boolean;
  begin: 'when-connected' | 'before-wifi' | 'after-server';
  handle: 'first' | 'missing' | 'setup' | 'gated' | 'slow-task';
  /** delay() in loop(), ms. */
  delay: number;
  server: 'none' | 'timed' | 'waited-for';
  interrupt: 'none' | 'in-ram' | 'in-flash';
  port: number | undefined;
  accessPoint: boolean;
  joins: boolean;
  deepSleep: boolean;
  modemSleep: boolean;
  heavyProgress: boolean;
  dividesProgress: boolean;
  uart: boolean;
}

export const ordinaryTraits: Omit<Traits, 'family'> = {
  password: 'none',
  ota: true,
  begin: 'when-connected',
  handle: 'first',
  delay: 0,
  server: 'none',
  interrupt: 'none',
  port: undefined,
  accessPoint: false,
  joins: true,
  deepSleep: false,
  modemSleep: false,
  heavyProgress: false,
  dividesProgress: false,
  uart: false,
};

export function sketchText(t: Traits): string {
  const esp8266 = t.family === 'esp8266';
  const lines = (...parts: readonly (string | false)[]): string => parts.filter((part) => part !== false).join('\n');
  const start =
    t.ota &&
    lines(
      t.password === 'plain' && '  ArduinoOTA.setPassword(OTA_PASSWORD);',
      t.password === 'upper-case-hash' && '  ArduinoOTA.setPasswordHash("21232F297A57A5A743894A0E4A801FC3");',
      t.port !== undefined && `  ArduinoOTA.setPort(${t.port});`,
      '  ArduinoOTA.setHostname("kitchen");',
      t.heavyProgress &&
        '  ArduinoOTA.onProgress([](unsigned int done, unsigned int total) { drawBar(done, total); });',
      t.dividesProgress &&
        '  ArduinoOTA.onProgress([](unsigned int done, unsigned int total) { Serial.println(done / (total / 100)); });',
      '  ArduinoOTA.onError([](ota_error_t error) { Serial.printf("Error[%u]\\n", error); });',
      '  ArduinoOTA.begin();',
      t.password === 'set-too-late' && '  ArduinoOTA.setPassword(OTA_PASSWORD);',
    );
  const server =
    t.server === 'waited-for'
      ? '  while (!mqtt.connected()) {\n    mqtt.connect("kitchen");\n    delay(2000);\n  }\n'
      : t.server === 'timed'
        ? '  if (!mqtt.connected() && millis() - tried > 30000) {\n    tried = millis();\n    mqtt.connect("kitchen");\n  }\n'
        : '';
  const handle = t.ota && '  ArduinoOTA.handle();';
  return lines(
    esp8266 ? '#include <ESP8266WiFi.h>' : '#include <WiFi.h>',
    t.ota && '#include <ArduinoOTA.h>',
    t.server !== 'none' && '#include <PubSubClient.h>',
    t.heavyProgress && '#include <Adafruit_SSD1306.h>',
    '#include "secrets.h"',
    '',
    t.server !== 'none' && 'WiFiClient net;\nPubSubClient mqtt(net);\nunsigned long tried = 0;',
    t.heavyProgress &&
      'Adafruit_SSD1306 display(128, 64, &Wire, -1);\nvoid drawBar(unsigned int done, unsigned int total) {\n  display.clearDisplay();\n  display.fillRect(0, 0, done * 128 / total, 8, 1);\n  display.display();\n}',
    t.interrupt !== 'none' &&
      `volatile unsigned long pulses = 0;\nvoid ${t.interrupt === 'in-ram' ? 'IRAM_ATTR ' : ''}count() { pulses++; }`,
    t.handle === 'gated' && 'bool serviceMode = false;',
    t.handle === 'slow-task' &&
      'void otaTask(void*) {\n  for (;;) {\n    ArduinoOTA.handle();\n    delay(2000);\n  }\n}',
    '',
    'void setup() {',
    '  Serial.begin(115200);',
    t.begin === 'before-wifi' && start,
    t.accessPoint && '  WiFi.mode(WIFI_AP);\n  WiFi.softAP("kitchen-setup", AP_PASSWORD);',
    t.joins &&
      '  WiFi.mode(WIFI_STA);\n  WiFi.begin(WIFI_SSID, WIFI_PASSWORD);\n  uint8_t tries = 0;\n  while (WiFi.status() != WL_CONNECTED && tries++ < 60) delay(250);',
    t.modemSleep && (esp8266 ? '  WiFi.setSleepMode(WIFI_LIGHT_SLEEP);' : '  WiFi.setSleep(true);'),
    t.server !== 'none' && '  mqtt.setServer(MQTT_HOST, 1883);',
    t.begin === 'after-server' && '  while (!mqtt.connected()) {\n    mqtt.connect("kitchen");\n    delay(500);\n  }',
    t.begin !== 'before-wifi' && start,
    t.interrupt !== 'none' && '  attachInterrupt(digitalPinToInterrupt(4), count, RISING);',
    t.handle === 'setup' && handle,
    t.handle === 'slow-task' && '  xTaskCreate(otaTask, "ota", 4096, nullptr, 1, nullptr);',
    '}',
    '',
    'void loop() {',
    t.handle === 'first' && handle,
    t.handle === 'gated' && '  if (serviceMode) ArduinoOTA.handle();',
    server?.trimEnd(),
    t.uart && '  while (Serial.available()) Serial.write(Serial.read());',
    t.delay > 0 && `  digitalWrite(2, !digitalRead(2));\n  delay(${t.delay});`,
    t.deepSleep && '  ESP.deepSleep(60e6);',
    '}',
    '',
  );
}
