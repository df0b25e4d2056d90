/** What Vite makes of an import that is no program. */
declare module '*.css';
declare module '*.css?inline' {
  const text: string;
  export default text;
}
declare module '*?url' {
  const url: string;
  export default url;
}
declare module '*.txt' {
  const text: string;
  export default text;
}
declare module '*.ino' {
  const text: string;
  export default text;
}
