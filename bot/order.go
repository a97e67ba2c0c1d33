package bot

import "strconv"

// Earlier reports whether message a came into its private chat before message b.
// ok is false where the network's numbers tell no order.
//
// Telegram numbers the messages of a private chat upwards, ours and the person's
// in one row, at the moment when its servers take them: what has the lower number
// was written before the other could be on the phone.
func Earlier(n Network, a, b string) (earlier, ok bool) {
	if n != Telegram {
		return false, false
	}
	x, err := strconv.ParseInt(a, 10, 64)
	if err != nil {
		return false, false
	}
	y, err := strconv.ParseInt(b, 10, 64)
	return err == nil && x < y, err == nil
}
