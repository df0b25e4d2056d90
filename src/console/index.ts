/** console: the web app that the hub serves. It does everything through the hub's HTTP API and shows what changes as it happens.
 *  main.tsx is the entry that scripts/build-console.ts builds; pages/ one page a file, parts/ what several pages show,
 *  api.ts and live.ts the way to the hub, place.ts where in the app one is. */
export { hrefOf, type Place, placeOf } from './place.ts';
