/** The build reads these as text. */
declare module '*.txt' {
  const text: string;
  export default text;
}
declare module '*.ino' {
  const text: string;
  export default text;
}
