import type da from "../da/palette";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
