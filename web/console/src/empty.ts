/** In the place of what is left out of the build: vite.config.ts. */
export default {};
