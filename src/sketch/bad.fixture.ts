/** Bad sketches, two or more for each rule; some through a helper function, some through another tab. */
import type { RuleName, SketchFile } from './index.ts';

export interface Bad {
  readonly rule: RuleName;
  readonly what: string;
  readonly source: string | SketchFile[];
  readonly line?: number;
  readonly file?: string;
  readonly family?: string;
}

const top8266 = '#include <ESP8266WiFi.h>\n#include <ArduinoOTA.h>\n';
const top32 = '#include <WiFi.h>\n#include <ESPmDNS.h>\n#include <ArduinoOTA.h>\n';
const joined = 'WiFi.mode(WIFI_STA); WiFi.begin(ssid, pass); for (int i = 0; i < 40 && WiFi.status() != WL_CONNECTED; i++) delay(250);';

/** A sketch that is sound but for what is put in. */
const sound = (
  put: { top?: string; setup?: string; before?: string; loop?: string; more?: string; first?: string } = {},
  head = top8266,
): string => `${head}${put.top ?? ''}
const char* ssid = "***"; const char* pass = "***";
${put.more ?? ''}
void setup() {
${put.first ?? ''}
${joined}
${put.before ?? ''}
ArduinoOTA.onError([](ota_error_t e) {});
ArduinoOTA.begin();
${put.setup ?? ''}
}
void loop() {
ArduinoOTA.handle();
${put.loop ?? ''}
}
`;

const tabs = (main: string, ...others: [string, string][]): SketchFile[] => [
  { name: 'node.ino', text: main },
  ...others.map(([name, text]) => ({ name, text })),
];

const mqtt = '#include <PubSubClient.h>\nWiFiClient net; PubSubClient client(net);';

export const bad: readonly Bad[] = [
  // L01
  { rule: 'blocking-cloud-loop', what: 'the reconnect() of the MQTT example', source: sound({ top: mqtt, more: 'void reconnect() {\n  while (!client.connected()) {\n    if (client.connect("x")) { client.subscribe("a"); } else { delay(5000); }\n  }\n}', loop: 'if (!client.connected()) reconnect(); client.loop();' }) },
  { rule: 'blocking-cloud-loop', what: 'a wait for Blynk in another tab', source: tabs(sound({ loop: 'cloud();' }), ['cloud.ino', 'void cloud() {\n  while (Blynk.connected() != true) { Blynk.run(); }\n}']), file: 'cloud.ino', line: 2 },
  { rule: 'blocking-cloud-loop', what: 'an endless loop left when connected', source: sound({ top: mqtt, setup: 'for (;;) { if (client.connect("n")) break; delay(2000); }' }) },
  { rule: 'blocking-cloud-loop', what: 'a wait behind a helper that asks the client', source: sound({ top: mqtt, more: 'bool online() { return client.connected(); }', loop: 'while (!online()) { client.connect("x"); delay(1000); }' }) },
  { rule: 'blocking-cloud-loop', what: 'the Adafruit way', source: sound({ top: '#include "Adafruit_MQTT_Client.h"\nWiFiClient net; Adafruit_MQTT_Client mqtt(&net, "h", 1883);', more: 'void MQTT_connect() { int8_t ret; if (mqtt.connected()) return;\nwhile ((ret = mqtt.connect()) != 0) { mqtt.disconnect(); delay(5000); } }', loop: 'MQTT_connect();' }) },
  // L02
  { rule: 'blynk-begin-owns-wifi', what: 'Blynk.begin beside ArduinoOTA', source: sound({ setup: 'Blynk.begin(auth, ssid, pass);' }) },
  { rule: 'blynk-begin-owns-wifi', what: 'Blynk.begin with an own server, in a helper', source: sound({ more: 'void cloudBegin() {\n  Blynk.begin(auth, ssid, pass, IPAddress(192,168,1,2), 8080);\n}', setup: 'cloudBegin();' }) },
  // L03
  { rule: 'ota-begin-after-blocker', what: 'OTA begun after Blynk.begin', source: sound({ before: 'Blynk.begin(auth, ssid, pass);' }) },
  { rule: 'ota-begin-after-blocker', what: 'OTA begun after a wait for MQTT in a helper', source: sound({ top: mqtt, more: 'void mqttBegin() { while (!client.connected()) { client.connect("a"); delay(500); } }', before: 'mqttBegin();' }) },
  { rule: 'ota-begin-after-blocker', what: 'OTA begun after a portal without a timeout', source: `${top8266}#include <WiFiManager.h>\nvoid setup() { WiFiManager wm; wm.autoConnect("x"); ArduinoOTA.begin(); }\nvoid loop() { ArduinoOTA.handle(); }` },
  { rule: 'ota-begin-after-blocker', what: 'OTA begun after a sensor that may never answer', source: sound({ more: 'Adafruit_BME280 bme;', before: 'while (!bme.begin(0x76)) { delay(1000); }' }) },
  // L04
  { rule: 'ota-begin-missing', what: 'handle() without begin()', source: `${top8266}void setup() { WiFi.begin("a", "b"); }\nvoid loop() { ArduinoOTA.handle(); }`, line: 2 },
  { rule: 'ota-begin-missing', what: 'begin() in a function that nothing calls', source: tabs(`${top8266}void setup() { WiFi.begin("a", "b"); }\nvoid loop() { ArduinoOTA.handle(); }`, ['ota.ino', 'void otaSetup() {\n  ArduinoOTA.begin();\n}']), file: 'ota.ino', line: 2 },
  // L05
  { rule: 'handle-missing', what: 'begin() without handle()', source: `${top8266}void setup() { WiFi.begin("a", "b"); ArduinoOTA.begin(); }\nvoid loop() { }` },
  { rule: 'handle-missing', what: 'handle() in a function that nothing calls', source: tabs(`${top8266}void setup() { WiFi.begin("a", "b"); ArduinoOTA.begin(); }\nvoid loop() { sensors(); }`, ['b.ino', 'void sensors() {}\nvoid otaLoop() { ArduinoOTA.handle(); }']), file: 'b.ino' },
  // L06
  { rule: 'handle-only-in-setup', what: 'handle() at the end of setup()', source: `${top8266}void setup() { WiFi.begin("a", "b"); ArduinoOTA.begin();\nArduinoOTA.handle(); }\nvoid loop() { }`, line: 4 },
  { rule: 'handle-only-in-setup', what: 'handle() in a helper of setup()', source: `${top8266}void ota() { ArduinoOTA.begin(); ArduinoOTA.handle(); }\nvoid setup() { WiFi.begin("a", "b"); ota(); }\nvoid loop() { }` },
  // L07
  { rule: 'handle-conditional', what: 'handle() under a mode flag', source: sound({}).replace('ArduinoOTA.handle();', 'if (updateMode) ArduinoOTA.handle();') },
  { rule: 'handle-conditional', what: 'a return before handle()', source: sound({}).replace('ArduinoOTA.handle();', 'if (digitalRead(4)) return; ArduinoOTA.handle();') },
  { rule: 'handle-conditional', what: 'handle() in a timer', source: sound({ more: 'BlynkTimer timer; void poll() { ArduinoOTA.handle(); }', setup: 'timer.setInterval(1000L, poll);' }).replace(/loop\(\) \{\nArduinoOTA.handle\(\);/, 'loop() { timer.run();') },
  { rule: 'handle-conditional', what: 'handle() while the broker is there', source: sound({ top: mqtt }).replace(/loop\(\) \{\nArduinoOTA.handle\(\);/, 'loop() { if (client.connected()) { client.loop(); ArduinoOTA.handle(); }') },
  { rule: 'handle-conditional', what: 'one case of a switch', source: sound({}).replace(/loop\(\) \{\nArduinoOTA.handle\(\);/, 'loop() { switch (state) { case 0: work(); break; case 1: ArduinoOTA.handle(); break; }') },
  // L08
  { rule: 'handle-in-slow-task', what: 'a task that waits 100 ms', source: sound({ more: 'void otaTask(void*) {\nfor (;;) { ArduinoOTA.handle(); vTaskDelay(100 / portTICK_PERIOD_MS); } }', setup: 'xTaskCreate(otaTask, "o", 4096, NULL, 1, NULL);' }, top32).replace(/loop\(\) \{\nArduinoOTA.handle\(\);/, 'loop() {') },
  { rule: 'handle-in-slow-task', what: 'a Ticker', source: sound({ top: '#include <Ticker.h>\nTicker t;', more: 'void poll() { ArduinoOTA.handle(); }', setup: 't.attach(1, poll);' }).replace(/loop\(\) \{\nArduinoOTA.handle\(\);/, 'loop() {') },
  // L09
  { rule: 'long-delay', what: 'five seconds of delay()', source: sound({ loop: 'delay(5000);' }) },
  { rule: 'long-delay', what: 'many short delays in another tab', source: tabs(sound({ loop: 'show();' }), ['show.ino', 'void show() {\n  for (int i = 0; i < 30; i++) { delay(100); }\n}']), file: 'show.ino' },
  { rule: 'long-delay', what: 'a delay by name', source: sound({ top: '#define PAUSE (60 * 1000UL)', loop: 'delay(PAUSE);' }) },
  { rule: 'long-delay', what: 'a wait on the clock', source: sound({ loop: 'unsigned long t = millis(); while (millis() - t < 3000) { yield(); }' }) },
  { rule: 'long-delay', what: 'Blynk.connect() with its own long timeout', source: sound({ loop: 'if (!Blynk.connected()) Blynk.connect(); Blynk.run();' }) },
  // L10
  { rule: 'busy-wait', what: 'a spin on a pin', source: sound({ loop: 'while (digitalRead(4) == HIGH);' }) },
  { rule: 'busy-wait', what: 'a spin on the clock in a helper', source: sound({ more: 'void pause(unsigned long ms) { unsigned long t = millis();\nwhile (millis() - t < ms) {} }', loop: 'pause(500);' }) },
  { rule: 'busy-wait', what: 'a spin on the serial port', source: sound({ loop: 'while (!Serial.available()) {}' }) },
  { rule: 'busy-wait', what: 'a spin on a flag', source: sound({ more: 'volatile bool done;', loop: 'while (!done);' }) },
  // L11
  { rule: 'endless-loop', what: 'a halt when a sensor fails', source: sound({ more: 'Adafruit_BMP085 bmp;', setup: 'if (!bmp.begin()) {\nSerial.println("no sensor");\nwhile (1) {}\n}' }) },
  { rule: 'endless-loop', what: 'a work loop of its own', source: sound({ more: 'void work() { for (;;) { measure(); delay(10); } }', loop: 'work();' }) },
  // L12
  { rule: 'begin-before-wifi', what: 'OTA begun right after WiFi.begin()', source: `${top8266}void setup() { WiFi.begin("a", "b"); ArduinoOTA.begin(); }\nvoid loop() { ArduinoOTA.handle(); }` },
  { rule: 'begin-before-wifi', what: 'OTA begun before the joining helper', source: `${top8266}void join() { WiFi.begin("a", "b"); while (WiFi.status() != WL_CONNECTED) delay(100); }\nvoid setup() { ArduinoOTA.begin(); join(); }\nvoid loop() { ArduinoOTA.handle(); }` },
  // L13
  { rule: 'wifi-wait-forever', what: 'the usual wait with dots', source: sound({ first: 'WiFi.begin(ssid, pass); while (WiFi.status() != WL_CONNECTED) { delay(500); Serial.print("."); }' }) },
  { rule: 'wifi-wait-forever', what: 'a restart in the wait', source: `${top32}void join() {\n  while (WiFi.waitForConnectResult() != WL_CONNECTED) { delay(5000); ESP.restart(); }\n}\nvoid setup() { WiFi.begin("a", "b"); join(); ArduinoOTA.begin(); }\nvoid loop() { ArduinoOTA.handle(); }`, line: 5 },
  { rule: 'wifi-wait-forever', what: 'a status variable', source: `${top8266}int status;\nvoid setup() { while (status != WL_CONNECTED) { status = WiFi.begin("a", "b"); delay(1000); } ArduinoOTA.begin(); }\nvoid loop() { ArduinoOTA.handle(); }` },
  // L14
  { rule: 'double-wifi-begin', what: 'two joins in setup()', source: sound({ setup: 'WiFi.begin(ssid, pass);' }) },
  { rule: 'double-wifi-begin', what: 'a join on every pass, through a helper', source: sound({ more: 'void join() { WiFi.begin(ssid, pass); }', loop: 'join();' }) },
  { rule: 'double-wifi-begin', what: 'Blynk.begin after an own join', source: sound({ setup: 'Blynk.begin(auth, ssid, pass);' }) },
  // L15
  { rule: 'ap-or-apsta', what: 'station and access point', source: sound({ before: 'WiFi.mode(WIFI_AP_STA); WiFi.softAP("node");' }) },
  { rule: 'ap-or-apsta', what: 'an access point alone, in a helper', source: `${top8266}void openAp() { WiFi.mode(WIFI_AP); WiFi.softAP("node", "12345678"); }\nvoid setup() { openAp(); ArduinoOTA.begin(); }\nvoid loop() { ArduinoOTA.handle(); }` },
  // L16
  { rule: 'wifi-config-args', what: 'a gateway in another network', source: sound({ before: 'WiFi.config(IPAddress(192,168,1,50), IPAddress(192,168,0,1), IPAddress(255,255,255,0));' }) },
  { rule: 'wifi-config-args', what: 'a mask with a gap', source: sound({ more: 'IPAddress ip(10,0,0,9), gw(10,0,0,1), mask(255,0,255,0);', before: 'WiFi.config(ip, gw, mask);' }) },
  { rule: 'wifi-config-args', what: 'mask and gateway exchanged', source: sound({ more: 'IPAddress ip(192,168,1,50); IPAddress gw(192,168,1,1); IPAddress mask(255,255,255,0);', before: 'WiFi.config(ip, mask, gw);' }) },
  // L17
  { rule: 'setters-after-begin', what: 'a password after begin()', source: sound({ setup: 'ArduinoOTA.setPassword(otaPass);' }) },
  { rule: 'setters-after-begin', what: 'a name after begin(), in a helper', source: sound({ more: 'void name() { ArduinoOTA.setHostname("attic-fan"); }', setup: 'name();' }) },
  { rule: 'setters-after-begin', what: 'a name given twice', source: sound({ before: 'ArduinoOTA.setHostname("a-1"); ArduinoOTA.setHostname("a-2");' }) },
  // L18
  { rule: 'hostname-chars', what: 'an underscore', source: sound({ before: 'ArduinoOTA.setHostname("living_room");' }) },
  { rule: 'hostname-chars', what: 'a space, by name', source: sound({ top: '#define NAME "living room"', before: 'ArduinoOTA.setHostname(NAME);' }) },
  // L19
  { rule: 'second-mdns', what: 'MDNS.begin beside ArduinoOTA', source: sound({ before: 'MDNS.begin("node-1");' }) },
  { rule: 'second-mdns', what: 'a responder of its own', source: sound({ more: 'MDNSResponder mdns;', before: 'if (!mdns.begin("node-1", WiFi.localIP())) {}' }) },
  // L20
  { rule: 'mdns-off-without-update', what: 'begin(false) and no update()', source: sound({}).replace('ArduinoOTA.begin()', 'ArduinoOTA.begin(false)') },
  { rule: 'mdns-off-without-update', what: 'own mDNS that is never fed', source: sound({ before: 'MDNS.begin("node-1");' }).replace('ArduinoOTA.begin()', 'ArduinoOTA.begin(0)') },
  // L21
  { rule: 'no-ota-password', what: 'no password', source: sound({}) },
  { rule: 'no-ota-password', what: 'an empty password', source: sound({ before: 'ArduinoOTA.setPassword("");' }) },
  // L22
  { rule: 'hash-format', what: 'a plain password as a hash', source: sound({ before: 'ArduinoOTA.setPasswordHash("admin");' }) },
  { rule: 'hash-format', what: 'capital letters', source: sound({ before: 'ArduinoOTA.setPasswordHash("21232F297A57A5A743894A0E4A801FC3");' }) },
  // L23
  { rule: 'secrets-in-source', what: 'a Wi-Fi password', source: sound({}).replace('pass = "***"', 'pass = "Tr4vel-Kettle"') },
  { rule: 'secrets-in-source', what: 'a token in a define', source: sound({ top: '#define TOKEN "4f2ad9a1b0c34e5f8a7b6c5d4e3f2a1b"', setup: 'Blynk.config(TOKEN);' }) },
  // L24
  { rule: 'password-shell-chars', what: 'a dollar sign', source: sound({ before: 'ArduinoOTA.setPassword("pa$$word1");' }) },
  { rule: 'password-shell-chars', what: 'a space, by name', source: sound({ more: 'const char* otaPw = "two words";', before: 'ArduinoOTA.setPassword(otaPw);' }) },
  // L25
  { rule: 'deep-sleep', what: 'sleep at the end of setup()', source: sound({ setup: 'measure(); ESP.deepSleep(60e6);' }) },
  { rule: 'deep-sleep', what: 'sleep in a helper of loop()', source: sound({ more: 'void rest() { esp_sleep_enable_timer_wakeup(1); esp_deep_sleep_start(); }', loop: 'report(); rest();' }, top32) },
  // L26
  { rule: 'light-or-modem-sleep', what: 'light sleep', source: sound({ setup: 'WiFi.setSleepMode(WIFI_LIGHT_SLEEP);' }) },
  { rule: 'light-or-modem-sleep', what: 'modem sleep on the ESP32', source: sound({ setup: 'WiFi.setSleep(true);' }, top32) },
  { rule: 'light-or-modem-sleep', what: 'naps in loop()', source: sound({ more: 'void nap() { esp_light_sleep_start(); }', loop: 'if (idle) nap();' }, top32) },
  // L27
  { rule: 'isr-not-iram', what: 'a handler in flash', source: sound({ more: 'void onPulse() { n++; }', setup: 'attachInterrupt(digitalPinToInterrupt(4), onPulse, RISING);' }) },
  { rule: 'isr-not-iram', what: 'a helper of the handler in flash', source: sound({ more: 'void count() { n++; }\nvoid IRAM_ATTR onPulse() { count(); }', setup: 'attachInterrupt(4, onPulse, RISING);' }) },
  { rule: 'isr-not-iram', what: 'a lambda', source: sound({ setup: 'attachInterrupt(4, []() { n++; }, CHANGE);' }, top32) },
  // L28
  { rule: 'timers-running', what: 'timer1', source: sound({ more: 'void IRAM_ATTR tick() {}', setup: 'timer1_attachInterrupt(tick); timer1_enable(TIM_DIV16, TIM_EDGE, TIM_LOOP);' }) },
  { rule: 'timers-running', what: 'an infrared receiver', source: sound({ top: '#include <IRrecv.h>\nIRrecv irrecv(14);', setup: 'irrecv.enableIRIn();' }) },
  { rule: 'timers-running', what: 'a Ticker that works hard', source: sound({ top: '#include <Ticker.h>\nTicker t;', more: 'void work() { sensors.requestTemperatures(); }', setup: 't.attach(2, work);' }) },
  // L29
  { rule: 'uart-device', what: 'a GPS over SoftwareSerial', source: sound({ top: '#include <SoftwareSerial.h>\nSoftwareSerial gpsSerial(4, 5);', setup: 'gpsSerial.begin(9600);', loop: 'while (gpsSerial.available()) gps.encode(gpsSerial.read());' }) },
  { rule: 'uart-device', what: 'a meter on the serial port', source: sound({ setup: 'Serial.begin(9600);', more: 'void feed() { while (Serial.available() > 0) gps.encode(Serial.read()); }', loop: 'feed();' }) },
  // L30
  { rule: 'serial-two-bauds', what: 'two speeds', source: sound({ first: 'Serial.begin(115200);', setup: 'Serial.begin(9600);' }) },
  { rule: 'serial-two-bauds', what: 'another speed in another tab', source: tabs(sound({ first: 'Serial.begin(115200);', setup: 'sensorBegin();' }), ['sensor.ino', '#define SPEED 74880\nvoid sensorBegin() {\n  Serial.begin(SPEED);\n}']), file: 'sensor.ino', line: 3 },
  // L31
  { rule: 'wait-for-serial', what: 'the usual wait', source: sound({ first: 'Serial.begin(115200); while (!Serial) { delay(10); }' }, top32) },
  { rule: 'wait-for-serial', what: 'the wait in a helper, on a Pico', source: sound({ more: 'void logBegin() { Serial.begin(115200); while (!Serial); }', first: 'logBegin();' }, top32), family: 'rp2040' },
  // L32
  { rule: 'heavy-callback', what: 'a display drawn for each piece', source: sound({ before: 'ArduinoOTA.onProgress([](unsigned int p, unsigned int t) { display.clearDisplay(); display.print(p); display.display(); });' }) },
  { rule: 'heavy-callback', what: 'MQTT for each piece, in a helper', source: sound({ top: mqtt, more: 'void say(unsigned int p) { client.publish("ota", "x"); }', before: 'ArduinoOTA.onProgress([](unsigned int p, unsigned int t) { say(p); });' }) },
  { rule: 'heavy-callback', what: 'three lines for each piece', source: sound({ before: 'ArduinoOTA.onProgress([](unsigned int p, unsigned int t) { Serial.println("got"); Serial.println(p); Serial.println(t); });' }) },
  // L33
  { rule: 'progress-div-zero', what: 'the sum of the example', source: sound({ before: 'ArduinoOTA.onProgress([](unsigned int p, unsigned int t) { Serial.printf("%u", (p / (t / 100))); });' }) },
  { rule: 'progress-div-zero', what: 'the sum in a named callback', source: sound({ more: 'void onProgress(unsigned int progress, unsigned int total) {\n  int percent = progress / (total / 100);\n}', before: 'ArduinoOTA.onProgress(onProgress);' }) },
  // L34
  { rule: 'fs-not-ended', what: 'SPIFFS left mounted', source: sound({ setup: 'SPIFFS.begin();' }) },
  { rule: 'fs-not-ended', what: 'LittleFS left mounted, in a helper', source: sound({ more: 'void files() { if (!LittleFS.begin()) Serial.println("no"); }', setup: 'files();', before: 'ArduinoOTA.onStart([]() { Serial.println("start"); });' }) },
  // L35
  { rule: 'ble-active', what: 'the BLE library', source: sound({ top: '#include <BLEDevice.h>', setup: 'BLEDevice::init("x");' }, top32) },
  { rule: 'ble-active', what: 'NimBLE in a header of its own', source: tabs(sound({ top: '#include "ble.h"', setup: 'bleBegin();' }, top32), ['ble.h', '#include <NimBLEDevice.h>\nvoid bleBegin() { NimBLEDevice::init("x"); }']) },
  // L36
  { rule: 'tls-held', what: 'a TLS client kept open', source: sound({ top: '#include <WiFiClientSecure.h>\nWiFiClientSecure net;', loop: 'poll(net);' }, top32) },
  { rule: 'tls-held', what: 'a BearSSL client', source: sound({ more: 'BearSSL::WiFiClientSecure tls;', loop: 'poll(tls);' }) },
  // L37
  { rule: 'update-in-async-callback', what: 'Update.write in an upload handler', source: '#include <ESP8266WiFi.h>\n#include <ESPAsyncTCP.h>\n#include <ESPAsyncWebServer.h>\nAsyncWebServer server(80);\nvoid setup() { server.on("/u", HTTP_POST, [](AsyncWebServerRequest* r) {}, [](AsyncWebServerRequest* r, String f, size_t i, uint8_t* d, size_t n, bool last) { if (!i) if (!Update.begin(100000)) return; if (Update.write(d, n) != n) return; if (last && Update.end(true)) {} }); }\nvoid loop() {}' },
  { rule: 'update-in-async-callback', what: 'Update.write in a named handler', source: '#include <WiFi.h>\n#include <AsyncTCP.h>\n#include <ESPAsyncWebServer.h>\nAsyncWebServer server(80);\nvoid onUp(AsyncWebServerRequest* r, String f, size_t i, uint8_t* d, size_t n, bool last) {\n  if (Update.write(d, n) != n) Update.printError(Serial);\n}\nvoid setup() { server.onFileUpload(onUp); }\nvoid loop() {}', line: 6 },
  // L38
  { rule: 'update-api-misuse', what: 'the MD5 before begin()', source: '#include <ESP8266WiFi.h>\nvoid pull() {\n  Update.setMD5(sum);\n  if (!Update.begin(size)) return;\n  if (Update.writeStream(s) && Update.end()) ESP.restart();\n}\nvoid setup() {}\nvoid loop() { pull(); }', line: 3 },
  { rule: 'update-api-misuse', what: 'answers nobody looks at', source: '#include <Update.h>\nvoid setup() {}\nvoid loop() { Update.begin(size); Update.writeStream(s); Update.end(); ESP.restart(); }' },
  // L39
  { rule: 'no-onerror', what: 'no error callback', source: sound({}).replace(/ArduinoOTA.onError.*\n/, '') },
  { rule: 'no-onerror', what: 'other callbacks only', source: sound({ before: 'ArduinoOTA.onStart([]() {});' }).replace(/ArduinoOTA.onError.*\n/, '') },
  // L40
  { rule: 'custom-port', what: 'another port', source: sound({ before: 'ArduinoOTA.setPort(8267);' }) },
  { rule: 'custom-port', what: "the other chip's port, by name", source: sound({ top: '#define OTA_PORT 8266', before: 'ArduinoOTA.setPort(OTA_PORT);' }, top32) },
  // L41
  { rule: 'udp-on-ota-port', what: 'an own UDP on 8266', source: sound({ top: '#include <WiFiUdp.h>\nWiFiUDP udp;', setup: 'udp.begin(8266);' }) },
  { rule: 'udp-on-ota-port', what: 'an own UDP on 3232, by name and helper', source: sound({ more: 'WiFiUDP Link; const int PORT = 3232; void linkBegin() { Link.begin(PORT); }', setup: 'linkBegin();' }, top32) },
  // L42
  { rule: 'stop-all', what: 'all UDP stopped', source: sound({ loop: 'if (tired) WiFiUDP::stopAll();' }) },
  { rule: 'stop-all', what: 'Wi-Fi switched off in a helper', source: sound({ more: 'void save() { WiFi.disconnect(true); WiFi.mode(WIFI_OFF); }', loop: 'if (idle) save();' }) },
  // L43
  { rule: 'strap-pins', what: 'a relay on GPIO0', source: sound({ top: '#define RELAY 0', setup: 'pinMode(RELAY, OUTPUT);' }) },
  { rule: 'strap-pins', what: 'a valve on GPIO12 of the ESP32, in a helper', source: sound({ more: 'const int valve = 12; void pins() { pinMode(valve, OUTPUT); }', setup: 'pins();' }, top32) },
  // L44
  { rule: 'wdt-or-interrupts-off', what: 'the watchdog off', source: sound({ first: 'ESP.wdtDisable();' }) },
  { rule: 'wdt-or-interrupts-off', what: 'interrupts off for a loop', source: sound({ more: 'void send() { noInterrupts(); for (int i = 0; i < 24; i++) { digitalWrite(4, i & 1); delayMicroseconds(400); } interrupts(); }', loop: 'send();' }) },
  // L47
  { rule: 'blynk-print-after-include', what: 'the define below the include', source: '#include <BlynkSimpleEsp8266.h>\n#define BLYNK_PRINT Serial\nvoid setup() {}\nvoid loop() {}', line: 2 },
  { rule: 'blynk-print-after-include', what: 'the define far below', source: '#include <ESP8266WiFi.h>\n#include <BlynkSimpleEsp8266.h>\n#include <Ticker.h>\n\n#define BLYNK_PRINT Serial // log\nvoid setup() {}\nvoid loop() {}', line: 5 },
];
