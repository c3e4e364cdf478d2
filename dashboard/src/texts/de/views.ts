import type da from "../da/views";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
