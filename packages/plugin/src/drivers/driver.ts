/** What every driver that handlers work with is. One instance serves all who ask for its type. */
export interface Driver {
  /** As in kuryr.conf. */
  readonly name: string;
  /** Ends what the driver does by itself, when the controller stops and no call is under way any more. */
  close?(): Promise<void>;
}
