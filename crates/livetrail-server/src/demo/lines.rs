//! Texts, file names and titles of the demo.

/// Messages to the assistant. Some are longer than the 100 characters that a preview has.
pub(super) const MESSAGES: [&str; 32] = [
    "Can you summarise the attached report in five bullet points?",
    "Translate this paragraph into Portuguese, please",
    "What is the difference between a lease and a licence?",
    "Draft a friendly reminder about the unpaid invoice from September",
    "Plan a three-day trip to Lisbon for two adults and a toddler",
    "Why does my query get slower when I add the second join? It has an index on both columns, and the plan says that \
     it is used",
    "Give me ten names for a bakery that only sells rye bread",
    "Thanks, that helps!",
    "Make it shorter and less formal",
    "Compare these two offers and tell me which one is cheaper over three years, with the maintenance contract included",
    "Explain photosynthesis as if I were nine",
    "Write a regular expression for Danish postal codes",
    "What should I ask in a first interview with a landscape architect?",
    "Turn the table into a chart description for someone who cannot see it",
    "Which of these recipes works without eggs?",
    "Find the contradictions in this contract",
    "How do I say “I will be five minutes late” politely in Japanese?",
    "Proofread my cover letter",
    "Summarise yesterday's meeting notes and list who has to do what until Friday, sorted by name and then by due date",
    "Can a cat be vegetarian?",
    "Write a unit test for the function above",
    "Suggest a warm-up routine before a ten-kilometre run",
    "What changed between the second and the third draft?",
    "Explain the tax deduction for a home office",
    "Rewrite this in plain language",
    "Who wrote the poem about the two roads?",
    "Create a study plan for the statistics exam in six weeks",
    "Is this e-mail phishing?",
    "Give me the formula for compound interest with monthly payments",
    "And now as a table",
    "Shorten the introduction to one sentence",
    "What would a sceptical reader object to?",
];

/// Titles of conversations.
pub(super) const TITLES: [&str; 10] = [
    "Lisbon trip",
    "Invoice reminder",
    "Contract review",
    "Bakery names",
    "Thesis outline",
    "Slow query",
    "Interview questions",
    "Rye bread",
    "Budget 2027",
    "Statistics exam",
];

/// Names of uploaded files.
pub(super) const DOCUMENTS: [&str; 14] = [
    "quarterly-report.pdf",
    "travel-budget.xlsx",
    "contract-draft-3.docx",
    "meeting-notes.md",
    "floor-plan.png",
    "survey-results.csv",
    "thesis-chapter-2.pdf",
    "supplier-offers.zip",
    "cover-letter.docx",
    "interview-recording.m4a",
    "recipe-collection.pdf",
    "onboarding-checklist.pdf",
    "tax-return-2025.pdf",
    "product-photos.zip",
];

/// Published content: kind and name.
pub(super) const ARTICLES: [(&str, &str); 8] = [
    ("article", "getting-started"),
    ("article", "how-to-share-a-session"),
    ("article", "what-the-assistant-can-read"),
    ("blog_post", "autumn-release"),
    ("blog_post", "five-ways-to-summarise"),
    ("announcement", "maintenance-on-sunday"),
    ("banner", "new-plans"),
    ("faq_entry", "how-to-cancel"),
];

/// Settings that admins turn: section, field, values.
pub(super) const SETTINGS: [(&str, &str, [&str; 3]); 5] = [
    ("email_notifications", "digest", ["daily", "weekly", "never"]),
    ("uploads", "max_size", ["10 MB", "25 MB", "50 MB"]),
    ("sign_up", "mode", ["open", "invitation", "closed"]),
    ("assistant", "default_model", ["small", "medium", "large"]),
    ("retention", "sessions_kept_for", ["90 days", "180 days", "1 year"]),
];

/// At most the first 100 characters, as the platform's previews have.
pub(super) fn preview(message: &str) -> String {
    message.chars().take(100).collect()
}
