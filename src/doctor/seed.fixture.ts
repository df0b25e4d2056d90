/** The forum thread of a beginner whose upload ends in "No response from device", as facts: the verbose log with the first
 *  sketch, and what was said weeks later of the third one. */
import type { Fact } from '#values/facts.ts';
import { factsFrom } from './scenarios.fixture.ts';

const inferred = (facts: readonly Fact[]): Fact[] => facts.map((each) => ({ ...each, inferred: true as const }));

export const firstFailure: readonly Fact[] = [
  ...factsFrom(
    `attempt.tool-text=no-response-from-device attempt.stopped-in=connect-back connectback.tcp=timed-out host.os=windows
     tool.name=arduino-ide-1 tool.version=1.8.4 tool.method=espota tool.program=espota tool.interpreter=found
     args.target=ipv4 args.ota-port=8266 args.auth-shape=empty build.core-version=2.3.0 build.ide-usage=49
     build.sketch-uses=249019`,
    'log',
  ),
  ...inferred(factsFrom('invite.reply=ok image.kind=app', 'log')),
  ...factsFrom('board.family=esp8266 build.fs-start=503808 image.flash-declared=1048576 image.flash-mode=dio', 'build'),
  ...inferred(factsFrom('running.core-version=2.3.0 sketch.role=both', 'build')),
  ...factsFrom(
    `image.has-ota=true sketch.joins-wifi=true sketch.lint.blynk-begin-owns-wifi=true sketch.lint.double-wifi-begin=true
     sketch.lint.wifi-wait-forever=true sketch.lint.serial-two-bauds=true sketch.lint.blynk-print-after-include=true
     sketch.lint.no-ota-password=true sketch.lint.progress-div-zero=true sketch.lint.ota-begin-missing=false
     sketch.lint.ota-begin-after-blocker=false sketch.lint.handle-missing=false sketch.lint.no-onerror=false`,
    'sketch',
  ),
  ...factsFrom('discovery.listed=yes running.server-link=down', 'person'),
];

export const secondFailure: readonly Fact[] = [
  ...factsFrom(
    `attempt.tool-text=no-response-from-device attempt.reproducible=first-works-then-fails host.os=windows
     discovery.listed=yes net.ping=answered net.device-segment=same history.worked-before=a-few-times
     history.wire-since-power-on=false trial.firewall-off=fails trial.other-host=fails trial.by-wire=works`,
    'person',
  ),
  ...factsFrom('tool.interpreter=found tool.method=espota args.ota-port=8266', 'log'),
  ...factsFrom('board.family=esp8266 build.core-version=2.3.0 build.fs-start=503808 image.flash-declared=1048576', 'build'),
  ...factsFrom(
    `image.has-ota=true sketch.joins-wifi=true sketch.lint.blynk-begin-owns-wifi=true sketch.lint.blocking-cloud-loop=true
     sketch.lint.ota-begin-missing=false sketch.lint.ota-begin-after-blocker=false sketch.lint.begin-before-wifi=true
     sketch.lint.handle-missing=false sketch.lint.no-ota-password=true sketch.lint.no-onerror=true`,
    'sketch',
  ),
];
