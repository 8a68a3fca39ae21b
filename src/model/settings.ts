/** What the person has switched. */
export interface Settings {
  /** Contact the vendors' connectivity addresses. */
  isControlsAllowed: boolean;
  /** Repeat the navigation in an inactive tab. */
  isProbeTabAllowed: boolean;
}
