import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";

export const bar = () => screen.getByRole("combobox", { name: "Search and filter" });

/** Types into the bar, as it is typed there, and enters it: "result:failed". */
export async function enter(text: string): Promise<void> {
  await userEvent.type(bar(), `${text.replace(/[[{]/g, "$&$&")}{Enter}`);
}
