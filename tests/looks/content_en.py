"""The same words in English for the style guide."""

OPENED = "Sunday 12 April 2026 (24 Shawwal 1447 AH)"
CLOSES = "Thursday 21 May 2026 (4 Dhu al-Hijjah 1447 AH)"
EXTENDED = "Sunday 3 May 2026 (16 Dhu al-Qa'dah 1447 AH)"

CONTENT = {
    "site": "City Municipality",
    "nav": ["Home", "Consultations", "Participation policy"],
    "footer": ["Accessibility", "Privacy", "Open data"],
    "other": ("ar", "العربية"),
    "hub_title": "E-participation",
    "hub_lead": "Have your say on decisions and projects before they are approved, and"
    " see what was said, what was decided, and why.",
    "title": "Redesigning the Old Market Square",
    "question": "How can the Old Market Square become safe and shaded for people on"
    " foot while shops still trade and take deliveries?",
    "stage": "Collecting",
    "eyebrow": "Urban Planning Department",
    "take_part": "Take part",
    "read_voices": "Read the comments",
    "remaining": "12 days left",
    "weekday": "Thursday",
    "time": "2:00 pm",
    "gregorian": "21 May 2026",
    "hijri": "4 Dhu al-Hijjah 1447 AH",
    "zone": "Riyadh time",
    "stages": [
        ("Putting forward", "done", "Done on 5 April 2026 (17 Shawwal 1447 AH)", []),
        (
            "Publishing",
            "done",
            "12 April 2026 (24 Shawwal 1447 AH)",
            ["The national platform was not used: planned maintenance."],
        ),
        (
            "Collecting",
            "current",
            "12 April to 21 May 2026 (24 Shawwal to 4 Dhu al-Hijjah 1447 AH)",
            ["Extended by seven days."],
        ),
        ("Analysing", "ahead", "Until 21 June 2026 (6 Muharram 1448 AH)", []),
        ("Deciding", "ahead", "Target 30 July 2026 (16 Safar 1448 AH)", []),
        ("Closing", "ahead", "", []),
    ],
    "open_items": [
        "Where shade, seats and footpaths go",
        "The hours in which delivery vehicles may enter",
        "The seasonal events held in the square",
    ],
    "fixed_items": [
        "The registered heritage buildings stay as they are",
        "The approved budget of four million riyals",
    ],
    "decider": "The Municipal Projects Committee decides, on the recommendation of the"
    " Urban Planning Department.",
    "decided_when": "Within twelve weeks of closing.",
    "callout_title": "The period was extended",
    "callout_text": "At the request of traders in the square the period was extended"
    " by seven days, to 21 May 2026.",
    "prose": "Some eight thousand people cross the square on foot every day, among"
    " delivery vehicles at the busiest hours. The municipality has studied three"
    " alternatives and wants to hear from residents, traders and visitors before it"
    " chooses one.",
    "prose_head": "Where things stand",
    "facts": [
        ("Responsible department", "Urban Planning Department"),
        ("Audience", "Residents of the market district, traders and visitors"),
        ("Kind", "Public consultation"),
        ("Length", "Forty days"),
    ],
    "channels": [
        (
            "Portal",
            "The form on this page",
            "/take-part/",
            "For the whole period",
        ),
        ("Telephone", "940", "", "Sunday–Thursday, 8:00–14:00"),
        ("Customer service", "Municipality, ground floor", "", "In office hours"),
    ],
    "documents": [
        ("Initial study of the three alternatives", "PDF", "1.2 MB", "Arabic"),
        ("Plan of the square today", "PDF", "640 KB", "Arabic"),
    ],
    "documents_head": "Documents",
    "notes_head": "What was done",
    "notes": [
        (
            EXTENDED,
            "Period extended",
            "Traders asked for more time. The director of planning approved it.",
            "5.3",
            "warning",
        ),
        (OPENED, "Collecting began", "Open on the portal and by telephone.", "5.2", ""),
    ],
    "voices_head": "Published comments",
    "voices": [
        {
            "name": "Noura",
            "date": "29 April 2026 (12 Dhu al-Qa'dah 1447 AH), 10:24 am",
            "text": "I suggest more shade on the western side: nobody uses the seats"
            " there after noon.\n\nPlease also keep a clear path for prams and"
            " wheelchairs.",
            "kind": "Suggestion",
            "language": "en",
            "replies": [
                {
                    "official": True,
                    "name": "Urban Planning Department",
                    "date": "3 May 2026 (16 Dhu al-Qa'dah 1447 AH), 9:05 am",
                    "text": "Thank you. The second alternative has canopies on the"
                    " western side and a path two metres wide. Where the seats go will"
                    " be studied with the other suggestions.",
                    "language": "en",
                },
                {
                    "name": "سعد",
                    "in_reply_to": "Noura",
                    "date": "3 May 2026 (16 Dhu al-Qa'dah 1447 AH), 4:40 pm",
                    "text": "أتفق معك، الظل أهم من تبليط الأرضية في هذا الموقع.",
                    "language": "ar",
                },
            ],
        },
        {
            "removed": True,
            "removed_text": "This comment was taken down under clause 6.2 of the"
            " participation policy. It stays counted.",
            "date": "17 May 2026 (30 Dhu al-Qa'dah 1447 AH)",
        },
        {
            "name": "",
            "date": "17 May 2026 (30 Dhu al-Qa'dah 1447 AH), 8:12 pm",
            "text": "Closing the street to lorries in the morning hurts small shops."
            " From four in the afternoon to midnight would be enough.",
            "kind": "Comment",
            "language": "en",
        },
    ],
    "cards": [
        {
            "title": "Redesigning the Old Market Square",
            "question": "How can the square become safe and shaded for walkers?",
            "stage": "Open",
            "tone": "accent",
            "remaining": "12 days left",
            "dates": "Until " + CLOSES,
            "department": "Urban Planning Department",
            "subjects": ["Parks and squares", "Transport"],
            "count_text": "84 participations",
        },
        {
            "title": "Days of the weekly neighbourhood markets",
            "question": "Which days and places suit the markets best?",
            "stage": "Being analysed",
            "tone": "info",
            "dates": "Closed on 14 May 2026 (27 Dhu al-Qa'dah 1447 AH)",
            "department": "Services Agency",
            "subjects": ["Markets"],
            "count_text": "231 participations",
        },
        {
            "title": "Rules for shop signs",
            "question": "What do you think of the new draft rules?",
            "stage": "Decision announced",
            "tone": "success",
            "dates": "Announced on 3 May 2026 (16 Dhu al-Qa'dah 1447 AH)",
            "department": "Commercial Licences Department",
            "subjects": ["Trade", "Townscape"],
            "count_text": "147 participations",
        },
        {
            "title": "مسارات الدراجات على الطريق الدائري الشمالي",
            "question": "",
            "language": "ar",
            "stage": "Opens soon",
            "tone": "",
            "dates": "Opens on 21 June 2026 (6 Muharram 1448 AH)",
            "department": "Roads Department",
            "subjects": ["Transport"],
            "count_text": "",
        },
    ],
    "result_count": "4 consultations",
    "groups": [
        ("Stage", [("Open", 1, True), ("Being analysed", 1, False)]),
        ("Department", [("Urban Planning", 1, False), ("Licences", 1, False)]),
    ],
    "form_title": "Take part",
    "labels": {
        "text": "What you want to say",
        "text_hint": "Write in your own language. Leave out identity and telephone"
        " numbers.",
        "kind": "What kind of participation is it?",
        "kinds": ["Comment", "Suggestion"],
        "publish": "How may it be published?",
        "publish_choices": [
            ("With the name that I choose", "The name stands beside the text."),
            ("Without a name", "The text stands alone."),
            ("Not published", "Counted and read, but not shown to the public."),
        ],
        "name": "Name to show",
        "email": "E-mail",
        "email_hint": "Only for your receipt and our answer. Never published.",
        "district": "District",
        "districts": ["Market district", "Rawdah", "Outside the city"],
        "needs": "What matters to you in the square?",
        "needs_choices": ["Shade", "Seats", "Parking"],
        "consent": "I have read the privacy notice and agree that my text is processed",
        "send": "Send",
        "save": "Check before sending",
    },
    "errors": {
        "text": "Write what you want to say.",
        "email": "Write the whole address, such as name@example.com.",
        "consent": "We need your consent to receive your participation.",
    },
    "receipt_text": "A moderator reads the text; then it is published in the way that"
    " you chose. After closing you are told what was decided on your theme.",
    "mail_text": "A copy of the receipt was sent to your e-mail address.",
    "bars_caption": "What matters most to you in the square?",
    "bars": [("Shade", 112, 48.5), ("Footpaths", 74, 32.0), ("Parking", 45, 19.5)],
    "bars_note": "231 people answered, each once.",
    "answers": [
        {
            "title": "Shade and seats",
            "count_text": "112 participations",
            "disposition": "Adopted",
            "tone": "success",
            "said": "Participants asked for more canopies in the west and seats there.",
            "decided": "Six canopies and 24 seats are built in the first phase.",
            "why": "Measurements confirm that the western side has most sun.",
        },
        {
            "title": "Parking",
            "count_text": "45 participations",
            "disposition": "Not adopted",
            "tone": "warning",
            "said": "Some participants proposed more parking in place of the lawns.",
            "decided": "Parking stays as it is.",
            "why": "Parking is found within 200 metres, and the lawns are fixed.",
        },
    ],
    "answers_head": "What was said and what was decided",
    "empty_title": "No consultation matches",
    "empty_text": "Change the words or clear some filters.",
    "contact": ("Urban Planning Department", "planning@municipality.example"),
    "hours": "Sunday to Thursday, 8:00 am to 2:00 pm",
    "tones": {
        "info": "Please note",
        "success": "Saved",
        "warning": "Take care",
        "danger": "It was not sent",
    },
}
