using Voucher.Core.Money;

namespace Voucher.Core.Settling;

/// <summary>What the bank says of a row. Numbers are stored: they never change meaning.</summary>
public enum PaymentAnswer
{
    Paid = 1,
    Failed = 2,
    Partly = 3,

    /// <summary>退汇: paid before, and returned now.</summary>
    Bounced = 4,
}

/// <summary>What is found of one row of a return file. Numbers are stored: they never change meaning.</summary>
public enum ReturnFinding
{
    /// <summary>可入账.</summary>
    Good = 0,

    /// <summary>已入账: the same answer was booked before; nothing is to be done.</summary>
    AlreadyBooked = 1,

    /// <summary>The reference is none of ours.</summary>
    UnknownRow = 2,

    /// <summary>The status is none of the format's words.</summary>
    UnknownStatus = 3,

    /// <summary>The amount cannot be read.</summary>
    UnreadableAmount = 4,

    /// <summary>The same row stands in the file twice.</summary>
    TwiceInFile = 5,

    /// <summary>The payment was cancelled, or the row taken out.</summary>
    Cancelled = 6,

    /// <summary>The row has not been sent to the bank.</summary>
    NotSent = 7,

    /// <summary>The answer is to another attempt than the one that waits for it.</summary>
    OtherAttempt = 8,

    /// <summary>The row was sent more than once, and the bank's format has no column that says which attempt is meant.</summary>
    AttemptNotNamed = 9,

    /// <summary>Account or name are another payee's.</summary>
    OtherPayee = 10,

    /// <summary>More than was sent.</summary>
    MoreThanSent = 11,

    /// <summary>Another amount than was sent.</summary>
    OtherAmount = 12,

    /// <summary>The opposite of what was booked for this attempt.</summary>
    Contradicts = 13,

    /// <summary>What the row pays was taken back meanwhile.</summary>
    TakenBack = 14,
}

/// <summary>One row of a return file as it was read.</summary>
/// <param name="Answer"><c>null</c>: the status is none of the format's words.</param>
/// <param name="Amount"><c>null</c>: none is given, or it cannot be read (<paramref name="HasAmount"/>).</param>
/// <param name="Attempt"><c>null</c>: the bank's format has no such column.</param>
/// <param name="IsOtherPayee">Account or name are not those that were sent.</param>
public sealed record ReturnedRow(PaymentAnswer? Answer, Fen? Amount, bool HasAmount, int? Attempt, string Serial, bool IsOtherPayee, bool IsTwiceInFile);

/// <summary>What we know of the row that the bank speaks of.</summary>
/// <param name="IsCancelled">The payment was cancelled.</param>
/// <param name="IsTakenBack">What the row pays was taken back, or no longer adds up to it.</param>
/// <param name="Booked">What was booked for the row's attempts.</param>
public sealed record KnownRow(PaymentRowLife Life, bool IsCancelled, bool IsTakenBack, IReadOnlyList<BookedAnswer> Booked);

/// <param name="Amount">Paid (or returned) by this answer; 0 for a failure.</param>
public sealed record BookedAnswer(int Attempt, PaymentAnswer Answer, Fen Amount, string Serial);

/// <summary>Judges the rows of a return: what may be booked, and what is wrong with the others. Total, first reason first.</summary>
public static class ReturnJudge
{
    public static ReturnFinding Judge(ReturnedRow row, KnownRow? known)
    {
        if (known is null) return ReturnFinding.UnknownRow;
        if (row.Answer is not { } answer) return ReturnFinding.UnknownStatus;
        if (row.HasAmount && row.Amount is null) return ReturnFinding.UnreadableAmount;
        if (row.IsTwiceInFile) return ReturnFinding.TwiceInFile;
        if (IsBooked(row, answer, known)) return ReturnFinding.AlreadyBooked;
        if (known.IsCancelled || known.Life.State == PaymentRowState.TakenOut) return ReturnFinding.Cancelled;
        if (known.Life.State == PaymentRowState.Waiting) return ReturnFinding.NotSent;
        if (row.Attempt is { } attempt && attempt != known.Life.Attempt) return ReturnFinding.OtherAttempt;
        // An old answer may come late, or be handed in again under a new serial: without its attempt it could pass for one to the new.
        if (row.Attempt is null && known.Life.Attempt > 1) return ReturnFinding.AttemptNotNamed;
        if (row.IsOtherPayee) return ReturnFinding.OtherPayee;
        return OfAnswer(row, answer, known);
    }

    /// <summary>What is booked for a good row: 0 for a failure.</summary>
    public static Fen AmountOf(ReturnedRow row, PaymentRowLife life) => row.Answer switch
    {
        PaymentAnswer.Paid => life.Outstanding,
        PaymentAnswer.Partly => row.Amount ?? Fen.Zero,
        PaymentAnswer.Bounced => life.Paid,
        _ => Fen.Zero,
    };

    private static ReturnFinding OfAnswer(ReturnedRow row, PaymentAnswer answer, KnownRow known)
    {
        var life = known.Life;
        if (answer == PaymentAnswer.Bounced)
            return life.State != PaymentRowState.Paid ? ReturnFinding.Contradicts
                : row.Amount is { } returned && returned != life.Paid ? ReturnFinding.OtherAmount
                : known.IsTakenBack ? ReturnFinding.TakenBack
                : ReturnFinding.Good;
        if (life.State != PaymentRowState.Sent) return ReturnFinding.Contradicts;
        if (row.Amount > life.Outstanding) return ReturnFinding.MoreThanSent;
        if (answer == PaymentAnswer.Failed) return ReturnFinding.Good;
        if (known.IsTakenBack) return ReturnFinding.TakenBack;
        if (answer == PaymentAnswer.Paid) return row.Amount is { } paid && paid != life.Outstanding ? ReturnFinding.OtherAmount : ReturnFinding.Good;
        return row.Amount is { } part && part > Fen.Zero && part < life.Outstanding ? ReturnFinding.Good : ReturnFinding.OtherAmount;
    }

    /// <summary>This answer was booked before. Another serial for the same attempt is another transfer, and is not hidden.</summary>
    private static bool IsBooked(ReturnedRow row, PaymentAnswer answer, KnownRow known) => known.Booked.Any(booked =>
        booked.Answer == answer
        && (answer == PaymentAnswer.Failed || row.Amount is null || row.Amount == booked.Amount)
        && (row.Attempt is { } attempt ? booked.Attempt == attempt && IsSameSerial(row, booked) : IsSameAnswer(row, booked, known.Life)));

    private static bool IsSameSerial(ReturnedRow row, BookedAnswer booked) =>
        row.Serial.Length == 0 || booked.Serial.Length == 0 || row.Serial == booked.Serial;

    /// <summary>Without an attempt the serial says it, or else that the last attempt is answered.</summary>
    private static bool IsSameAnswer(ReturnedRow row, BookedAnswer booked, PaymentRowLife life) =>
        row.Serial.Length > 0 && row.Serial == booked.Serial
        || IsSameSerial(row, booked) && booked.Attempt == life.Attempt && life.State != PaymentRowState.Sent;
}
