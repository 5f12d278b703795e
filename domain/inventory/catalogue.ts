/** Who makes devices. */
export interface Manufacturer {
  readonly id: number;
  readonly name: string;
  /** An http or https address. */
  readonly website: string | null;
  readonly notes: string | null;
}

/** Where devices stand. */
export interface Site {
  readonly id: number;
  readonly name: string;
  readonly address: string | null;
  readonly notes: string | null;
}

/** A word that people stick on devices. */
export interface Tag {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  /** As in CSS: `#RGB` or `#RRGGBB`. */
  readonly color: string | null;
}

/** Whether the text is a colour as `#rgb` or `#rrggbb`, in either case. */
export const isColor = (text: string): boolean => /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text);
