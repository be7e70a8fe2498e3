/** What a row of `columns` numbers is read as: vec4s where the width allows. */
export interface Items {
  /** Whether an item is a vec4. */
  wide: boolean;
  /** Items of a row. */
  items: number;
}

/** Items of a row. */
export function itemsOf(columns: number): Items {
  const wide = columns % 4 === 0;
  return { wide, items: wide ? columns / 4 : columns };
}
