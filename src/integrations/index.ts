/** integrations: WhyOTA inside the tools that people already use. espota.ts: the words of espota.py.  arduino/: the cores'
 *  local files and a pluggable discovery.  platformio/: one project's platformio.ini.  Acts only through ports. */
export * from './arduino/index.ts';
export { type EspotaWords, type ParsedEspota, parseEspota } from './espota.ts';
export { putUploadCommand, takeUploadCommand } from './platformio/ini.ts';
