import type da from "../da/detail";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
