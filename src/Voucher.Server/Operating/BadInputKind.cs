namespace Voucher.Server.Operating;

/// <summary>What came in that no honest, healthy peer sends. Each is counted and logged by kind, never with what it held.</summary>
public enum BadInputKind
{
    /// <summary>Larger than the limit: a body, a form, a header, a hub message.</summary>
    Oversized,

    /// <summary>Ended before it was whole.</summary>
    Truncated,

    /// <summary>No JSON, no HTTP, no hub message.</summary>
    Malformed,

    /// <summary>Of another type, or a required field is missing.</summary>
    WrongType,

    /// <summary>A field that this server does not know.</summary>
    UnknownField,

    /// <summary>Readable, but a field's value is beyond its bounds.</summary>
    BadField,

    /// <summary>A scan's id or sequence used again for another scan.</summary>
    Replayed,

    /// <summary>A connection that said nothing, or nothing whole, in time.</summary>
    Silent,

    /// <summary>A hub message where it may not stand, or to a method that does not exist.</summary>
    OutOfOrder,

    /// <summary>A token of another region, of a key that is not in force, or with a false signature.</summary>
    ForeignToken,

    /// <summary>No access token, or one that is not valid.</summary>
    NoAccess,

    /// <summary>A terminal that is not active.</summary>
    RevokedDevice,

    /// <summary>More than a rate limit allows.</summary>
    TooFast,
}
