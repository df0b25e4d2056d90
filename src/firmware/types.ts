/** The words of this room: families, chips, what a file can be, what is known of a board. */
import type { Problem } from '#values/index.ts';

export type Family = 'esp8266' | 'esp32' | 'rp2040';

export type Esp32Chip =
  | 'esp32'
  | 'esp32-s2'
  | 'esp32-c3'
  | 'esp32-s3'
  | 'esp32-c2'
  | 'esp32-c6'
  | 'esp32-h2'
  | 'esp32-p4'
  | 'esp32-c61'
  | 'esp32-c5'
  | 'esp32-h21'
  | 'esp32-h4'
  | 'esp32-e22'
  | 'esp32-s31';
export type Rp2Chip = 'rp2040' | 'rp2350';
export type Chip = 'esp8266' | Esp32Chip | Rp2Chip;

export type FlashMode = 'qio' | 'qout' | 'dio' | 'dout' | 'fast-read' | 'slow-read';

export interface Segment {
  /** Load address. */
  readonly address: number;
  /** Offset of the data in the file, bytes. */
  readonly offset: number;
  readonly bytes: number;
}

/** A signature behind the image. `bytes` counts all that follows the image. */
export interface Signature {
  readonly form: 'trailer' | 'esp32-block' | 'secure-boot-v1' | 'secure-boot-v2';
  readonly bytes: number;
}

export interface Esp8266Image {
  /** Length of the image itself: without signature, junk or the rest of a flash dump. */
  readonly bytes: number;
  readonly segments: readonly Segment[];
  readonly entry: number;
  readonly flashMode: FlashMode;
  /** Flash size that the header declares, bytes; undefined for a nibble nobody defined. */
  readonly flashBytes: number | undefined;
  readonly flashMhz: number | undefined;
  /** Range of cores with this boot loader ("2.3.0-2.6.2"); undefined: a private build of eboot. */
  readonly ebootCores: string | undefined;
  /** Whether the boot loader inside this image can inflate gzip. */
  readonly inflates: boolean | undefined;
  /** Core release named by the version word; a hint, as source builds may hold anything. */
  readonly coreHint: string | undefined;
  /** CRC and length words of cores from 2.7.0 on; undefined: the image holds none. */
  readonly embedded: { readonly bytes: number; readonly crcGood: boolean } | undefined;
}

export interface Esp32Image {
  readonly chip: Esp32Chip;
  /** Length including checksum and hash. */
  readonly bytes: number;
  readonly segments: readonly Segment[];
  readonly entry: number;
  readonly flashMode: FlashMode;
  readonly flashBytes: number | undefined;
  /** Chip revisions as major*100 + minor; undefined: no limit set. */
  readonly minRevision: number;
  readonly maxRevision: number | undefined;
  readonly hashAppended: boolean;
  readonly descriptor:
    | {
        readonly version: string;
        readonly project: string;
        readonly idf: string;
        /** "Jun 12 2024 10:11:12" as the compiler wrote it. */
        readonly built: string;
        readonly elfSha256: string;
      }
    | undefined;
}

export interface Rp2Image {
  readonly chip: Rp2Chip;
  readonly bytes: number;
  /** File-system area of a sketch built with this image, flash offsets; undefined: the image does not say. */
  readonly fileSystem: { readonly from: number; readonly to: number } | undefined;
}

interface Common {
  /** The whole file's length. */
  readonly bytes: number;
  /** What it is, in words: "ESP8266 sketch, core 2.7.4". */
  readonly what: string;
  /** Risks that leave the file usable. */
  readonly warnings: readonly Problem[];
  /** The build name embedded in the image, if any. */
  readonly build?: string;
}

/** Files that are for nobody to run over the air. Each comes with its own problem. */
export type WrongKind =
  | 'empty'
  | 'blank'
  | 'elf'
  | 'intel-hex'
  | 's-record'
  | 'uf2'
  | 'archive'
  | 'json'
  | 'html'
  | 'partition-table'
  | 'boot-app0'
  | 'bootloader'
  | 'merged-image'
  | 'flash-dump'
  | 'esp8266-without-eboot'
  | 'esp8266-sdk-image'
  | 'truncated'
  | 'damaged'
  | 'gzip-unusable'
  | 'unknown';

export type Application =
  | (Common & {
      readonly kind: 'esp8266-app';
      readonly image: Esp8266Image;
      readonly signature?: Signature;
      readonly trailing: number;
    })
  | (Common & {
      readonly kind: 'esp32-app';
      readonly image: Esp32Image;
      readonly signature?: Signature;
      readonly trailing: number;
    })
  | (Common & { readonly kind: 'rp2040-app'; readonly image: Rp2Image; readonly signature?: Signature });

export type FileSystemImage = Common & {
  readonly kind: 'filesystem';
  readonly format: 'littlefs' | 'spiffs' | 'fat';
  /** Bytes a block; undefined where the image does not say. */
  readonly blockBytes: number | undefined;
  /** LittleFS on-disk version, major*65536 + minor. */
  readonly version?: number;
  /** SPIFFS exists in two flavours that cannot read each other. */
  readonly spiffsFor?: 'esp8266' | 'esp32';
};

export type WrongFile = Common & {
  readonly kind: 'wrong';
  readonly is: WrongKind;
  readonly problem: Problem;
  /** What can be seen of the chip it is for. */
  readonly chip?: Chip;
  /** The usable part of the file, when there is one (the application in a merged image). */
  readonly usable?: { readonly from: number; readonly to: number };
};

export type Plain = Application | FileSystemImage | WrongFile;

export type Identified =
  | Plain
  | (Common & {
      readonly kind: 'gzip';
      readonly inside: Plain;
      readonly inflatedBytes: number;
      /** The bare gzip file, for the simulation of inflating in place. */
      readonly stream: Uint8Array;
      readonly signature?: Signature;
    });

/** What is known of a board. Unknown is absent. */
export interface BoardFacts {
  readonly family?: Family | undefined;
  readonly chip?: string | undefined;
  /** Core of the *running* sketch: "2.3.0". */
  readonly core?: string | undefined;
  /** Flash layout (ESP8266) or partition scheme (ESP32) of the running sketch: "1M512", "default". */
  readonly layout?: string | undefined;
  /** Real size of the flash chip. */
  readonly flashBytes?: number | undefined;
  readonly flashMode?: FlashMode | undefined;
  /** Length of the running sketch's .bin; absent: taken to be as long as the new one, and said so. */
  readonly runningBytes?: number | undefined;
  /** Instead of `layout`: end of the staging area of the running sketch, a flash offset (ESP8266). */
  readonly updateEnd?: number | undefined;
  /** Instead of `layout`: bytes of the slot the update goes to (ESP32). */
  readonly slotBytes?: number | undefined;
  /** Instead of `layout`: size of the file-system area, bytes. */
  readonly fsBytes?: number | undefined;
  /** Whether the running sketch verifies signatures. */
  readonly signing?: boolean | undefined;
  /** arduino-pico: bytes of the firmware.bin that an earlier update left in the file system. */
  readonly stagedBytes?: number | undefined;
}
