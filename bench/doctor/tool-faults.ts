// Faults of the tools themselves: what their output looks like when nothing was sent. The virtual world has no IDE; these enter
// as the text that a person would paste.
import { type Case, chance, lanBoard, pick } from './case.ts';
import type { Fault } from './faults.ts';
import { pythonOf, uploaderPath } from './log-text.ts';

const said = (id: string, lines: (c: Case) => readonly string[], suits?: Fault['suits']): Fault => ({
  id,
  alone: true,
  ...(suits ? { suits } : {}),
  cures: ['trial.other-tool', 'trial.other-host'],
  bend(c) {
    c.road = 'paste';
    c.log = lines(c).join('\n');
  },
});

const stamp = '12:04:31';
const notOnPico: Fault['suits'] = ({ family }) => family !== 'rp2040';

export const toolFaults: readonly Fault[] = [
  said('tool-python-missing', (c) =>
    c.os === 'windows'
      ? pick(c.random, [
          [
            'java.io.IOException: Cannot run program "python.exe": CreateProcess error=2, The system cannot find the file specified',
          ],
          ['Failed uploading: cannot execute upload tool: exec: "python": executable file not found in %PATH%'],
        ])
      : pick(c.random, [
          ['Failed uploading: cannot execute upload tool: exec: "python3": executable file not found in $PATH'],
          ['env: python3: No such file or directory', 'Failed uploading: uploading error: exit status 127'],
        ]),
  ),
  said(
    'tool-python-version-mismatch',
    (c) => [
      ...(chance(c.random, 0.5) ? [`Sending invitation to: ${lanBoard}`] : []),
      'Traceback (most recent call last):',
      `  File "${uploaderPath(c)}", line 130, in serve`,
      'TypeError: Unicode-objects must be encoded before hashing',
    ],
    notOnPico,
  ),
  said(
    'tool-network-port-to-serial-uploader',
    (c) => [
      c.family === 'esp32' ? 'esptool.py v4.5.1' : 'esptool.py v3.0',
      `Serial port ${lanBoard}`,
      ...(chance(c.random, 0.5)
        ? [
            `serial.serialutil.SerialException: could not open port '${lanBoard}': FileNotFoundError(2, 'No such file or directory')`,
          ]
        : [`A fatal error occurred: Could not open ${lanBoard}, the port doesn't exist`]),
    ],
    notOnPico,
  ),
  said(
    'tool-pio-hostname-to-esptool',
    (c) => [
      `Processing kitchen (platform: ${c.family === 'esp32' ? 'espressif32' : 'espressif8266'}; board: ${c.family === 'esp32' ? 'esp32dev' : 'd1_mini'}; framework: arduino)`,
      'Configuring upload protocol...',
      'AVAILABLE: espota, esptool',
      'CURRENT: upload_protocol = esptool',
      'Using manually specified: kitchen',
      'Uploading .pio/build/kitchen/firmware.bin',
      'esptool.py v4.5.1',
      'Serial port kitchen',
      "A fatal error occurred: Could not open kitchen, the port doesn't exist",
      '*** [upload] Error 2',
    ],
    notOnPico,
  ),
  said(
    'tool-pio-flags-one-line',
    (c) => [
      `"${pythonOf(c)}" "${uploaderPath(c)}" --debug --progress -i ${lanBoard} "--auth=moon --port=8288" -f ".pio/build/kitchen/firmware.bin"`,
      `${stamp} [INFO]: Starting on 0.0.0.0:31042`,
      `${stamp} [INFO]: Sending invitation to: ${lanBoard}`,
      `${stamp} [ERROR]: ${c.family === 'esp32' ? 'No response from the ESP' : 'No Answer'}`,
      '*** [upload] Error 1',
    ],
    notOnPico,
  ),
  said(
    'tool-pio-auth-breaks-usb',
    () => [
      'CURRENT: upload_protocol = esptool',
      'Auto-detected: /dev/ttyUSB0',
      'Uploading .pio/build/lamp/firmware.bin',
      'usage: esptool [-h] [--chip {auto,esp8266,esp32}] [--port PORT]',
      'esptool: error: unrecognized arguments: --auth=moon',
      '*** [upload] Error 2',
    ],
    notOnPico,
  ),
  said('tool-template-unexpanded', () => [
    'Usage: espota.py [options]',
    "espota.py: error: option -p: invalid integer value: '{upload.port.properties.port}'",
    'Failed uploading: uploading error: exit status 2',
  ]),
  said(
    'tool-password-not-quoted',
    () => [
      'usage: espota [-h] [-i ESP_IP] [-I HOST_IP] [-p ESP_PORT]',
      'espota: error: unrecognized arguments: sky',
      'Failed uploading: uploading error: exit status 2',
    ],
    notOnPico,
  ),
  said(
    'tool-ide166-ssh-path',
    () => [
      `java.lang.RuntimeException: Unable to connect to ${lanBoard}`,
      '\tat cc.arduino.packages.uploaders.SSHUploader.uploadUsingPreferences(SSHUploader.java:146)',
    ],
    ({ family }) => family === 'esp8266',
  ),
  said('disc-name-unresolvable', (c) =>
    c.family === 'esp32'
      ? ['Sending invitation to kitchen.local failed', `${stamp} [ERROR]: Host kitchen.local Not Found`]
      : [
          `${stamp} [INFO]: Sending invitation to: kitchen.local`,
          'Traceback (most recent call last):',
          `  File "${uploaderPath(c)}", line 346, in <module>`,
          'socket.gaierror: [Errno -2] Name or service not known',
        ],
  ),
];
