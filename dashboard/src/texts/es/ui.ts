import type da from "../da/ui";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
