/** Failed uploads to try the page with. */

import sketch from './examples/blynk.ino';
import board from './examples/boot-log.txt';
import noResponse from './examples/no-response.txt';
import password from './examples/password.txt';

export interface Example {
  readonly name: string;
  readonly output: string;
  readonly sketch?: string;
}

export const examples: readonly Example[] = [
  { name: 'No response from device', output: noResponse, sketch },
  { name: 'Authentication failed', output: password },
  { name: 'A boot log', output: board },
];
