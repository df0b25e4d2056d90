import type { Cause } from '../cause.ts';
import { heardNotListed } from './shared/listing.ts';

export const discHostnameIllegalChars: Cause = {
  id: 'disc-hostname-illegal-chars',
  title: "the board's name has characters that the IDE does not accept, so it is left out of the list",
  met: 'sometimes',
  stops: ['discover'],
  evidence: [
    heardNotListed,
    {
      strongly: { 'discovery.name-legal': false, 'sketch.lint.hostname-chars': true },
      supports: { 'discovery.over-time': 'never', 'trial.by-address': 'works' },
      excludes: { 'discovery.name-legal': true, 'sketch.lint.hostname-chars': false },
    },
  ],
  fix: [
    'In ArduinoOTA.setHostname() use letters, digits and hyphens only: no underscore, no space, no dot.',
    'Upload once by cable or to the numeric address.',
  ],
  test: 'Look at the name in setHostname(): an underscore or a space is enough.',
};
