/** diary/study.toml, read by the build in the shape that `getStudy` answers: see src/store/packaged-study.ts. */
declare module "virtual:study" {
  const study: unknown;
  export default study;
}
