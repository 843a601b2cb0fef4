namespace Voucher.E2E.Camera;

/// <summary>A code that is no voucher.</summary>
public static class ForeignCode
{
    public const int Side = 222;

    /// <summary>QR of <c>wxp://f2f0…</c>, as WeChat's payment codes begin; a PNG of <see cref="Side"/> pixels a side.</summary>
    public static byte[] Payment => Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAN4AAADeCAYAAABSZ763AAAAAklEQVR4AewaftIAAAZeSURBVO3BwbErgY0EwWoE/Xe59xsAHUZBgnzaykz/QdKpQdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5Qd" +
        "K5QdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5QdK5Fx+WhL+gLe+QhCfasknCO7Rlk4RPassmCX9BWz5pkHRukHRukHRukHRukHTuxZe05RuS8A1t+YYkbNryS9ryDUn4hkHSuUHS" +
        "uUHSuUHSuUHSuRc/Jgnv0JZ3SMKmLU8k4R3asknCpi2flIRNW94hCe/Qll8ySDo3SDo3SDo3SDo3SDr3Qv+VJGzasknCE23ZJOEdkrBpyyYJm7bouUHSuUHSuUHSuUHSuUHSuRf6r7Rlk4RNW96hLZ" +
        "skbJLwRBKeSMKmLfrPBknnBknnBknnBknnBknnXvyYtvwFSdi0ZZOEJ9ryRFueSMKmLU8k4ZPa8r9okHRukHRukHRukHRukHTuxZck4S9ryyYJm7ZskvBEEjZt2SRh05ZNEjZt+aQk/H8ySDo3SDo3" +
        "SDo3SDo3SDr34sPaIkjCX5aETVueaItgkHRukHRukHRukHRukHQu/YcPSsKmLZskfENbnkjCpi2bJGza8g1J2LRlk4RNW55Iwje05ZcMks4Nks4Nks4Nks4Nks69+LC2bJLwRFu+IQnfkIR3aMsTSX" +
        "giCd/Qlk0SnkjCpi2fNEg6N0g6N0g6N0g6N0g69+LDkrBpyyYJTyRh05ZNEjZt2bTliSRs2rJJwi9pyzskYdOWb0jCpi3fMEg6N0g6N0g6N0g6N0g6l/7DD0nCE235pCQ80ZZNEjZt2SRh05ZNEjZt" +
        "eYckbNryRBI2bdkkYdOWJ5Kwacs3DJLODZLODZLODZLODZLOvfgxbXmHJDzRlk1bNkl4hyRs2rJJwqYtmyQ80ZZPassTbXkiCX/BIOncIOncIOncIOncIOnciz8iCZu2bNryRBKeaMsmCU+05Ym2vE" +
        "Nb3iEJf0FbNknYtOWTBknnBknnBknnBknnBknnXnxYEjZt2SRh05Z3SMITbXmHtmySsGnLE0l4hyRs2rJJwqYtTyThG9ryDYOkc4Okc4Okc4Okc4Okcy++JAmbtnxSWzZJeCIJm7Y80ZYnkrBpyyYJ" +
        "n9SWTRI2bdm0ZZOETVueSMKmLd8wSDo3SDo3SDo3SDo3SDqX/sP/oCQ80ZZNEjZteYckbNryRBLeoS2bJGza8kuS8A5t+aRB0rlB0rlB0rlB0rlB0rkXH5aETVueSMKmLU+05Ym2PJGETVueSMITbd" +
        "kkYdOWd0jCX9CWTRK+YZB0bpB0bpB0bpB0bpB07sWPScKmLZskPJGEX9KWTRKeSMKmLU8kYdOWb0jCJ7XlGwZJ5wZJ5wZJ5wZJ5wZJ5178mLZskrBpyyYJm7ZskrBpyyYJm7ZskvAObXkiCZu2bNry" +
        "l7XliSRs2vJJg6Rzg6Rzg6Rzg6Rzg6RzL35MEjZteYckbNryRFs2SXiHtmyS8A5J2LRlk4Rf0pZNEjZt2bTlGwZJ5wZJ5wZJ5wZJ5wZJ59J/0H+UhE9qyyclYdOWd0jCpi3vkIQn2vJEEjZt+aRB0r" +
        "lB0rlB0rlB0rlB0rn0Hz4oCX9BW55IwqYtmyQ80ZYnkvBL2rJJwqYtmyRs2rJJwqYtv2SQdG6QdG6QdG6QdG6QdO7Fl7TlG5LwRBI2bXmiLe+QhHdoyyYJn9SWT2rLJglPtOWTBknnBknnBknnBknn" +
        "BknnXvyYJLxDW35JEp5oy6YtmyQ8kYRNW55IwiYJn5SEd2jLNwySzg2Szg2Szg2Szg2Szr3QV7XliSRs2rJJwqYtTyThibY8kYRNW94hCZskbNrySYOkc4Okc4Okc4Okc4Okcy/0Vkl4hyRs2rJJwq" +
        "YtmyS8Q1s2SXiiLZskbNqyScITbfmGQdK5QdK5QdK5QdK5QdK5Fz+mLb+kLZskPNGWJ9qyScITSdi05R2SsGnLO7Rlk4RNWzZJ+CWDpHODpHODpHODpHODpHMvviQJf0ESnmjLOyRh05ZNEp5IwqYt" +
        "myRs2rJJwie1ZZOETVt+ySDp3CDp3CDp3CDp3CDpXPoPkk4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks4Nks79H09TTtNteO" +
        "N/AAAAAElFTkSuQmCC");
}
