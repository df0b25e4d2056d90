import type { Cause } from '../cause.ts';

export const toolUsbFlashIgnoredAfterOta: Cause = {
  id: 'tool-usb-flash-ignored-after-ota',
  title:
    'the cable upload went to the first slot, but the board starts the second one since its last update over the air',
  met: 'seldom',
  stops: ['restart', 'run'],
  only: { 'board.family': ['esp32', 'rp2040'] },
  evidence: [
    {
      strongly: { 'build.boot-selector': ['other-offset', 'factory-app'] },
      supports: { 'after.running-build': 'old', 'attempt.tool-text': 'success' },
      excludes: {
        'tool.method': ['espota', 'http-form', 'http-pull', 'network-upload', 'esphome'],
        'after.running-build': 'new',
        'build.boot-selector': 'default-offset',
      },
    },
  ],
  together: [
    {
      grade: 'strongly',
      of: ['tool.method', 'after.running-build'],
      when: (seen) => seen.is('tool.method', 'serial') && seen.is('after.running-build', 'old'),
      because: 'a cable upload went through and the old sketch still runs',
    },
  ],
  fix: [
    'Erase the whole flash once (Tools > Erase All Flash Before Sketch Upload > Enabled, or `esptool.py erase_flash`) and upload by cable.',
    'Keep the otadata partition at its usual place (0xE000).',
  ],
  test: 'Erase the flash and upload by cable: does the new sketch start?',
};
