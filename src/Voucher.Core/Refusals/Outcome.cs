namespace Voucher.Core.Refusals;

/// <summary>One field of a form, file or request that cannot be used, and why.</summary>
public sealed record FieldError(string Field, Words Problem);

/// <summary>
/// What a use case returns: done, refused (a rule said no), or bad input (fields named). Faults are exceptions.
/// </summary>
public abstract record Outcome<T>
{
    private Outcome() { }

    public sealed record Done(T Value) : Outcome<T>;

    public sealed record Refused(Refusal Refusal) : Outcome<T>;

    public sealed record BadInput(IReadOnlyList<FieldError> Errors) : Outcome<T>;

    public static implicit operator Outcome<T>(T value) => new Done(value);

    public static implicit operator Outcome<T>(Refusal refusal) => new Refused(refusal);

    public static implicit operator Outcome<T>(List<FieldError> errors) => new BadInput(errors);

    /// <summary>The value, where the caller knows that nothing could refuse.</summary>
    public T OrThrow() => this switch
    {
        Done(var value) => value,
        Refused(var refusal) => throw new InvalidOperationException($"Refused: {refusal.Code}."),
        BadInput(var errors) => throw new InvalidOperationException($"Bad input: {string.Join(", ", errors.Select(e => e.Field))}."),
        _ => throw new InvalidOperationException(),
    };
}

/// <summary>The value of a use case that has nothing to return.</summary>
public readonly record struct Nothing
{
    public static readonly Nothing Value;
}
