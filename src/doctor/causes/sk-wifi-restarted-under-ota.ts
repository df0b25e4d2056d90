import type { Cause } from '../cause.ts';

export const skWifiRestartedUnderOta: Cause = {
  id: 'sk-wifi-restarted-under-ota',
  title: 'the sketch restarts Wi-Fi after OTA has begun, and OTA loses its socket',
  met: 'sometimes',
  stops: ['invite', 'discover', 'connect-back'],
  evidence: [
    {
      strongly: {
        // A first join after OTA began is no second one.
        'sketch.lint.double-wifi-begin': (twice, seen) => twice && !seen.is('sketch.lint.begin-before-wifi', true),
        'sketch.lint.stop-all': true,
        'invite.pattern': 'only-after-reset',
      },
      supports: {
        'discovery.over-time': 'vanishes-after-boot',
        'invite.reply': ['silence', 'port-unreachable'],
        'net.ping': 'answered',
        'trial.right-after-reset': 'works',
        'sketch.lint.blynk-begin-owns-wifi': true,
      },
      against: { 'net.ping': 'silent', 'trial.right-after-reset': 'fails', 'sketch.lint.double-wifi-begin': false },
      excludes: {
        'invite.pattern': ['always', 'alternates', 'waits-for-a-free-loop'],
        'invite.again-after-ok': ['at-once', 'after-connect-timeout'],
        'connectback.tcp': 'accepted',
        'invite.reply': ['ok', 'auth', 'error'],
      },
    },
  ],
  fix: [
    'Let one place in the sketch own Wi-Fi: Blynk.config() instead of Blynk.begin(), no second WiFi.begin().',
    'After a reconnect call ArduinoOTA.begin() again if needed.',
    'To get it onto the board: press reset and upload in the first seconds, or use the cable.',
  ],
  test: 'Press reset and upload at once, before Wi-Fi is started a second time.',
};
