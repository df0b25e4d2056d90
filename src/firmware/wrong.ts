/** The sentences for files that no board should get over the air: what, why, what to do. */
import type { Problem } from '#values/index.ts';
import type { WrongKind } from './types.ts';

type Sentence = readonly [code: string, what: string, why: string, fix: string];

const sendTheBin = 'send the .bin that the build writes beside it (Arduino IDE: Sketch, Export Compiled Binary)';

const sentences: Readonly<Record<WrongKind, Sentence>> = {
  empty: [
    'img-empty',
    'the file is empty',
    'it has no bytes at all: the build or the download did not finish, or the disk is full',
    'build or download it again',
  ],
  blank: [
    'img-blank',
    'the file holds nothing but erased flash',
    'every byte is the same (0xFF or 0x00): it was read from an erased chip, or only reserved on disk and never written',
    'build or download it again',
  ],
  elf: [
    'tool-wrong-artifact',
    'this is an ELF file, not a flash image',
    'ELF is what the linker writes, with symbols for the debugger; a board cannot run it and finds out only after the whole transfer',
    sendTheBin,
  ],
  'intel-hex': [
    'tool-wrong-artifact',
    'this is an Intel HEX file, text for a programmer, not a flash image',
    'boards take the bare bytes; as text they are no program',
    sendTheBin,
  ],
  's-record': [
    'tool-wrong-artifact',
    'this is a Motorola S-record file, text for a programmer, not a flash image',
    'boards take the bare bytes; as text they are no program',
    sendTheBin,
  ],
  uf2: [
    'tool-wrong-artifact',
    'this is a UF2 file, meant for the USB drive of a board, not for an update over the air',
    'UF2 wraps each 256 bytes of the program in a block of 512; a Pico would write the wrapping as if it were code and need USB to come back',
    'send the .bin of the same build',
  ],
  archive: [
    'tool-wrong-artifact',
    'this is a compressed archive, not a flash image',
    'no board unpacks it; at best gzip (.bin.gz) is understood, by ESP8266 cores from 2.7.0 on and by arduino-pico',
    'unpack it and send the .bin inside',
  ],
  json: [
    'tool-wrong-artifact',
    'this is JSON text, not a flash image',
    'most likely a server answered with a message where a firmware was expected',
    'open the file in an editor: it probably says what went wrong. Then download the .bin again',
  ],
  html: [
    'tool-wrong-artifact',
    'this is a web page, not a flash image',
    'the download saved a page (a log-in, an error, or the page around the link) under the name of the firmware',
    'open the link in a browser, and download the raw file',
  ],
  'partition-table': [
    'tool-wrong-artifact',
    'this is an ESP32 partition table, not an application',
    'it divides the flash and is written once, by USB, at 0x8000; an update over the air cannot replace it',
    'send the file of the same build without ".partitions" in its name',
  ],
  'boot-app0': [
    'tool-wrong-artifact',
    'this is boot_app0.bin, not an application',
    'it only says which slot an ESP32 boots and is written by USB at 0xE000',
    'send the .bin of the sketch',
  ],
  bootloader: [
    'tool-wrong-artifact',
    'this is a boot loader, not an application',
    'it starts the application and cannot be updated over the air. A board may even answer OK and then keep running the old program',
    'send the file of the same build without ".bootloader" in its name',
  ],
  'merged-image': [
    'img-merged-image',
    'this is a merged image: boot loader, partition table and application in one file, for USB at address 0',
    'an update over the air replaces the application alone; the merged file is larger than its slot, and its first bytes are the boot loader',
    'send the application alone: the .bin of the same build without ".merged" or ".factory" in its name',
  ],
  'flash-dump': [
    'tool-wrong-artifact',
    'this is a dump of a whole ESP8266 flash chip, not an update',
    'behind the application it holds file system, settings and Wi-Fi credentials of the board it was read from; it does not fit beside the running sketch',
    'send the .bin that the build writes',
  ],
  'esp8266-without-eboot': [
    'img-without-bootloader',
    'this ESP8266 application lacks its first 4,096 bytes, the boot loader',
    'an update is copied to the start of the flash, boot loader included. The board would accept this file and then start no more until it is flashed by wire',
    'send the whole .bin as the Arduino tools write it (its application starts at 0x1000)',
  ],
  'esp8266-sdk-image': [
    'img-not-arduino',
    'this is an ESP8266 image that was not built with the Arduino core',
    'it has no Arduino boot loader in its first sector, so a board that is updated with it starts no more until it is flashed by wire',
    'send the .bin of an Arduino build, or flash this file by wire with the tool of its own SDK',
  ],
  truncated: [
    'img-truncated',
    'the file is cut short',
    'its own header promises more bytes than there are. An ESP8266 would not notice and then start no more until it is flashed by wire; an ESP32 refuses it after the whole transfer',
    'build, copy or download it again, and compare the length',
  ],
  damaged: [
    'img-damaged',
    'the file is damaged: what its header and checksum say does not match its contents',
    'some bytes are not what the build wrote. An ESP8266 would not notice and might start no more; an ESP32 refuses it after the whole transfer',
    'build, copy or download it again',
  ],
  'gzip-unusable': [
    'img-gzip-unusable',
    'this gzip file cannot be used for an update',
    'a boot loader inflates one gzip member and takes the length from its last four bytes; anything else is written half or wrongly',
    'compress the .bin again with plain gzip -9, or send the .bin itself',
  ],
  unknown: [
    'img-bad-magic',
    'this is no firmware that WhyOTA knows',
    'an ESP image starts with 0xE9, a Pico image with a boot loader and its checksum; this file is neither. Boards find out only after the transfer, or not at all',
    'send the .bin of the sketch',
  ],
};

/** The problem of a kind of file; `detail` lines show the evidence. */
export function wrongFile(is: WrongKind, ...details: readonly string[]): Problem {
  const [code, what, why, fix] = sentences[is];
  return { code, what, why, fix, blame: 'person', ...(details.length > 0 ? { details } : {}) };
}
