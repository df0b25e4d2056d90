import type { Cause } from '../cause.ts';

export const discMdnsStartedTwice: Cause = {
  id: 'disc-mdns-started-twice',
  title: "the sketch starts two announcers, and they get into each other's way",
  met: 'seldom',
  stops: ['discover', 'run', 'restart'],
  evidence: [
    {
      strongly: {
        'sketch.lint.second-mdns': true,
        'discovery.name-as-configured': false,
        'serial.crash-place': 'mdns',
      },
      supports: { 'discovery.listed': 'no', 'serial.says': 'mdns-failed' },
      excludes: { 'sketch.lint.second-mdns': false },
    },
  ],
  fix: [
    'Take MDNS.begin() out: ArduinoOTA.begin() starts the announcer. Set the name with ArduinoOTA.setHostname().',
    'Services of your own: MDNS.addService() after ArduinoOTA.begin().',
  ],
  test: 'Look whether the sketch calls MDNS.begin() besides ArduinoOTA.begin().',
};
