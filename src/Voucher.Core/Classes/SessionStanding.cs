namespace Voucher.Core.Classes;

/// <summary>The session that is open now, as one voucher stands to it.</summary>
/// <param name="Id"><c>null</c> when no session of the class is open for this act at this moment.</param>
public sealed record SessionStanding(SessionId? Id, bool CheckedIn = false, bool CheckedOut = false);
