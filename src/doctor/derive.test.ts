import { describe, expect, it } from 'vitest';
import { derive } from './derive.ts';
import { factsFrom } from './scenarios.fixture.ts';

const from = (words: string) => derive(factsFrom(words));

describe('what follows from facts', () => {
  it('the stage, from what the tool said', () =>
    expect(from('attempt.tool-text=no-response-from-device').get('attempt.stopped-in')).toBe('connect-back'));
  it('the stage, from how a step ended', () => {
    expect(from('listener.bind=in-use').get('attempt.stopped-in')).toBe('listen');
    expect(from('after.restart=gone').get('attempt.stopped-in')).toBe('restart');
  });
  it('the steps before the one that failed', () => {
    expect(from('attempt.stopped-in=connect-back').get('invite.reply')).toBe('ok');
    expect(from('attempt.stopped-in=transfer').get('connectback.tcp')).toBe('accepted');
  });
  it('but nothing of espota for a board that fetches its update', () =>
    expect(from('attempt.stopped-in=transfer tool.method=http-pull').has('connectback.tcp')).toBe(false));
  it('the family, from chip, port or layout', () => {
    expect(from('board.chip=esp32-c3').get('board.family')).toBe('esp32');
    expect(from('args.ota-port=8266').get('board.family')).toBe('esp8266');
  });
  it('the length of the file, from "Sketch uses"', () =>
    expect(from('board.family=esp8266 build.core-version=2.3.0 build.sketch-uses=249019').get('image.size')).toBe(
      253168,
    ));
});

describe('the sum', () => {
  it('of two copies on an ESP8266', () => {
    const seen = from('board.family=esp8266 image.size=253168 running.size=253168 build.fs-start=503808');
    expect(seen.get('fit.spare')).toBe(-4096);
    expect(seen.fact('fit.verdict')).toMatchObject({ value: 'too-big' });
    expect(seen.fact('fit.verdict')?.inferred).toBeUndefined();
  });
  it('is inferred when the running size is taken to be the same', () =>
    expect(from('board.family=esp8266 image.size=253168 build.fs-start=503808').fact('fit.verdict')?.inferred).toBe(
      true,
    ));
  it('of one image in a slot of an ESP32', () => {
    expect(from('board.family=esp32 image.size=1310720 running.slot-size=1310720').get('fit.verdict')).toBe('fits');
    expect(from('board.family=esp32 image.size=1310736 running.slot-size=1310720').get('fit.verdict')).toBe('too-big');
  });
  it('never replaces what was given', () =>
    expect(from('board.family=esp32 image.size=9 running.slot-size=1 fit.verdict=fits').get('fit.verdict')).toBe(
      'fits',
    ));
});
