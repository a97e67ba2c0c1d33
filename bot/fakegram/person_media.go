package fakegram

import (
	"fmt"
	"math"
)

// ShareContact shares a contact. own shares the person's own, with the user id;
// otherwise it is a contact from the address book: any phone, and userID 0 when
// that phone has no Telegram.
func (p *Person) ShareContact(own bool, phone string, userID int64) (Sent, error) {
	contact := &apiContact{Phone: phone, FirstName: "Kontak", UserID: userID}
	if own {
		contact = &apiContact{Phone: p.Phone, FirstName: p.FirstName, UserID: p.ID}
	}
	return p.chat.say(p, 0, func(w *apiMessage) { w.Contact = contact })
}

// SendPhoto sends a picture (PNG or JPEG) with a caption, perhaps empty.
func (p *Person) SendPhoto(picture []byte, caption string) (Sent, error) {
	f := newFile("photo", "photo.jpg", picture)
	if err := f.readPhoto(); err != nil {
		return Sent{}, fmt.Errorf("send a photo: %w", err)
	}
	if utf16Len(caption) > maxCaption {
		return Sent{}, ErrTooLong
	}
	p.srv.files.keep(f)
	return p.chat.say(p, 0, func(w *apiMessage) {
		w.Photo, w.Caption, w.CaptionEntities = f.photo(), caption, commandsIn(caption)
	})
}

// SendAlbum sends pictures together: to the bot they are messages of their own
// that share a media_group_id; the first has the caption.
func (p *Person) SendAlbum(pictures [][]byte, caption string) (last Sent, err error) {
	if len(pictures) < 2 || len(pictures) > 10 {
		return Sent{}, fmt.Errorf("send an album of %d pictures: 2 to 10", len(pictures))
	}
	if utf16Len(caption) > maxCaption {
		return Sent{}, ErrTooLong
	}
	album := ""
	for _, picture := range pictures {
		f := newFile("photo", "photo.jpg", picture)
		if err := f.readPhoto(); err != nil {
			return Sent{}, fmt.Errorf("send an album: %w", err)
		}
		p.srv.files.keep(f)
		if album == "" {
			album = "13" + f.unique[len(f.unique)-8:]
		}
		last, err = p.chat.say(p, 0, func(w *apiMessage) {
			w.Album, w.Photo, w.Caption, w.CaptionEntities = album, f.photo(), caption, commandsIn(caption)
		})
		if err != nil {
			return Sent{}, err
		}
		caption = ""
	}
	return last, nil
}

// SendDocument sends a file.
func (p *Person) SendDocument(name string, data []byte, caption string) (Sent, error) {
	if utf16Len(caption) > maxCaption {
		return Sent{}, ErrTooLong
	}
	f := newFile("document", name, data)
	p.srv.files.keep(f)
	return p.chat.say(p, 0, func(w *apiMessage) {
		w.Document, w.Caption, w.CaptionEntities = f.document(), caption, commandsIn(caption)
	})
}

// SendLocation sends a place, in degrees.
func (p *Person) SendLocation(lat, lon float64) (Sent, error) {
	if !(math.Abs(lat) <= 90 && math.Abs(lon) <= 180) {
		return Sent{}, fmt.Errorf("send a location: %g, %g is not on earth", lat, lon)
	}
	return p.chat.say(p, 0, func(w *apiMessage) { w.Location = &apiLocation{Latitude: lat, Longitude: lon} })
}

// SendSticker sends a sticker that stands for the emoji.
func (p *Person) SendSticker(emoji string) (Sent, error) {
	f := newFile("sticker", "sticker.webp", []byte("RIFF\x04\x00\x00\x00WEBP"))
	p.srv.files.keep(f)
	return p.chat.say(p, 0, func(w *apiMessage) {
		w.Sticker = &apiSticker{apiFileRef: f.ref(), Type: "regular", Width: 512, Height: 512, Emoji: emoji}
	})
}

// SendVoice sends a voice message of so many seconds.
func (p *Person) SendVoice(seconds int) (Sent, error) {
	f := newFile("voice", "voice.oga", []byte("OggS"))
	p.srv.files.keep(f)
	return p.chat.say(p, 0, func(w *apiMessage) {
		w.Voice = &apiVoice{apiFileRef: f.ref(), Duration: seconds, MIME: "audio/ogg"}
	})
}
