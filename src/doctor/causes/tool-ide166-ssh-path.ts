import type { Cause } from '../cause.ts';

export const toolIde166SshPath: Cause = {
  id: 'tool-ide166-ssh-path',
  title: 'Arduino IDE 1.6.6 uploads by SSH, which the board does not speak',
  met: 'rarely',
  stops: ['prepare', 'invite'],
  evidence: [
    {
      proves: { 'tool.program': 'ssh' },
      strongly: { 'attempt.tool-text': 'ssh-error', 'tool.version': '1.6.6' },
      supports: { 'tool.name': 'arduino-ide-1' },
      excludes: {
        'tool.program': ['espota', 'esptool', 'arduino-ota', 'avrdude', 'editor'],
        'tool.name': ['platformio', 'arduino-ide-2', 'esphome', 'arduino-cli'],
      },
    },
  ],
  fix: ['Install a newer IDE: 1.6.7 or later; today 1.8.19 or 2.x.'],
  test: 'Look at Help > About: is it 1.6.6?',
};
