/** contract: what goes over the hub's HTTP API, as schemas that give validation, types and OpenAPI at once. Pure: the console
 *  and the command line read it too. Times are milliseconds since 1970, sizes bytes. */
export * from './common.ts';
export * from './devices.ts';
export * from './events.ts';
export * from './firmware.ts';
export * from './people.ts';
export * from './routes.ts';
export * from './updates.ts';
